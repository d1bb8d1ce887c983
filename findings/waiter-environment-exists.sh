#!/usr/bin/env bash
# One would guess: the waiter `EnvironmentExists` of the AWS clients ends when the environment is there, and fails when it was terminated.
# It ends for Ready alone: one that is being updated isn't there, and a terminated one is asked for until the time is over, in Node's client and in botocore.
set -euo pipefail
source "$(dirname "$0")/aws-clients.bash"
status() {
  answer 200 "<DescribeEnvironmentsResponse xmlns=\"http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/\"><DescribeEnvironmentsResult><Environments><member>
    <EnvironmentName>shop</EnvironmentName><Status>$1</Status></member></Environments></DescribeEnvironmentsResult></DescribeEnvironmentsResponse>"
}
node='eb.waitUntilEnvironmentExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 3 }, { EnvironmentNames: ["shop"] }).then(({ state }) => state)'
python='client.get_waiter("environment_exists").wait(EnvironmentNames=["shop"], WaiterConfig={"Delay": 1, "MaxAttempts": 3})'

for each in Ready Updating Terminated; do
  [ "$each" = Ready ] && seen=(SUCCESS None) || seen=(TimeoutError WaiterError)
  status "$each"
  expect "Node,     $each" "${seen[0]}" "$(node_client "$node")"
  status "$each"
  expect "botocore, $each" "${seen[1]}" "$(python_client "$python")"
  expect "botocore, $each, requests" "$([ "$each" = Ready ] && echo 1 || echo 3)" "$(requests)"
done
