#!/usr/bin/env bash
# One would guess: Amazon's client for Node signs with the machine's clock, and corrects it only when the service refuses a request for its time.
# The Date of any answer that succeeds moves the clock, when it is hours off: a test server or a proxy with a wrong clock makes the client sign every later
# request with that time. botocore keeps to its own clock.
set -euo pipefail
source "$(dirname "$0")/aws-clients.bash"
# hours: for each request, how many hours its signing date is off
hours() {
  node -e '
    const dates = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n")
    const time = (text) => Date.parse(text.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"))
    console.log(dates.map((each) => Math.round((time(each) - Date.now()) / 3600e3)).join(" "))' "$room/requests"
}
empty='<DescribeEnvironmentsResponse><DescribeEnvironmentsResult/></DescribeEnvironmentsResponse>'
late() { answer 200 "$empty" "{\"date\":\"$(date -u -d "$1" '+%a, %d %b %Y %H:%M:%S GMT')\"}"; }
node='run(new eb.DescribeEnvironmentsCommand({})).then(() => run(new eb.DescribeEnvironmentsCommand({})))'

late '3 hours'
expect 'Node,     answer' '{}' "$(node_client "$node")"
expect 'Node,     hours off in two requests' '0 3' "$(hours)"
late '3 hours'
expect 'botocore, answer' '[{}, {}]' "$(python_client '[run(client.describe_environments()), run(client.describe_environments())]')"
expect 'botocore, hours off in two requests' '0 0' "$(hours)"
