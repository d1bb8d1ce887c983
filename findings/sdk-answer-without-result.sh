#!/usr/bin/env bash
# One would guess: Amazon's client for Node raises an error when a 200 isn't the service's answer: an empty body, or the HTML page of a proxy.
# Both are successes without a member: `CreateApplicationVersion` has worked, and `DescribeEnvironments` has nothing, as if the account were empty. botocore,
# which is in the AWS CLI, raises an error for both.
set -euo pipefail
source "$(dirname "$0")/aws-clients.bash"
list='run(new eb.DescribeEnvironmentsCommand({}))'
create='run(new eb.CreateApplicationVersionCommand({ ApplicationName: "a", VersionLabel: "v" }))'

answer 200 ''
expect 'Node,     empty body, CreateApplicationVersion' '{}' "$(node_client "$create")"
expect 'botocore, empty body, CreateApplicationVersion' 'ResponseParserError' "$(python_client 'run(client.create_application_version(ApplicationName="a", VersionLabel="v"))')"
expect 'Node,     empty body, DescribeEnvironments' '{}' "$(node_client "$list")"
answer 200 '<html><body>Please log in</body></html>'
expect 'Node,     HTML page,  DescribeEnvironments' '{}' "$(node_client "$list")"
expect 'botocore, HTML page,  DescribeEnvironments' 'KeyError' "$(python_client 'run(client.describe_environments())')"
answer 200 'Please log in'
expect 'Node,     plain text, DescribeEnvironments' 'Error' "$(node_client "$list")"
