# Sourced by the scripts that need AWS clients: Amazon's client of Beanstalk for Node and Debian 13's botocore (what the AWS CLI and boto3 are made of) against
# a server on loopback that gives one answer to all. As root on Debian with mmdebstrap. Gives $room, `answer`, `node_client`, `python_client` and `requests`.
[ "$(id -u)" = 0 ] && command -v mmdebstrap >/dev/null || { echo 'needs root and mmdebstrap' >&2; exit 2; }
room=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf --one-file-system "$room"
}
trap finish EXIT

mmdebstrap --quiet --variant=apt --include=python3-botocore trixie "$room/root" >"$room/log" 2>&1
mkdir "$room/npm"
npm install --silent --no-audit --no-fund --prefix "$room/npm" \
  @aws-sdk/client-elastic-beanstalk@3.1138.0 @aws-sdk/core@3.981.2 @aws-sdk/xml-builder@3.972.43 @smithy/core@3.41.1
versions="$(cd "$room/npm" && npm ls --depth=0 --parseable --long | sed -n 's/.*:\(@.*\)$/\1/p' | xargs) botocore $(chroot "$room/root" dpkg-query -Wf '${Version}' python3-botocore)"
echo "$versions"
[ "${versions##* }" = '1.37.9+repack-1' ] || { echo 'another botocore than the one that this was seen with' >&2; exit 1; }

# The server answers with $room/answer.json and writes the signing date of each request to $room/requests.
node -e '
  const fs = require("fs"), [room] = process.argv.slice(1)
  const server = require("http").createServer((request, response) => {
    request.resume().on("end", () => {
      const { status, headers, body } = JSON.parse(fs.readFileSync(`${room}/answer.json`))
      fs.appendFileSync(`${room}/requests`, `${request.headers["x-amz-date"]}\n`)
      response.writeHead(status, headers).end(body)
    })
  })
  server.listen(0, "127.0.0.1", () => fs.writeFileSync(`${room}/port`, String(server.address().port)))' "$room" &
server=$!
for _ in $(seq 120); do [ -s "$room/port" ] && break || sleep 0.25; done
export ENDPOINT=http://127.0.0.1:$(cat "$room/port") AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true LC_ALL=C
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=example AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL

# answer STATUS BODY [HEADERS AS JSON]
answer() {
  : >"$room/requests"
  node -e 'const [status, body, headers] = process.argv.slice(1); console.log(JSON.stringify({ status: Number(status), body, headers: JSON.parse(headers) }))' \
    "$1" "$2" "${3:-{\}}" >"$room/answer.json"
}
requests() { wc -l <"$room/requests" | xargs; }
# node_client CODE: an expression with `client` and the package as `eb`; prints its value, or the name of the error.
node_client() {
  (cd "$room/npm" && node -e '
    const eb = require("@aws-sdk/client-elastic-beanstalk")
    const client = new eb.ElasticBeanstalkClient({ endpoint: process.env.ENDPOINT, region: "us-east-1" })
    const run = (command) => client.send(command).then(({ $metadata, ...members }) => JSON.stringify(members))
    eval(`(async () => ${process.argv[1]})()`).then(console.log, (error) => console.log(error.name))' "$1" 2>>"$room/log")
}
# python_client CODE: the same in Python.
python_client() {
  chroot "$room/root" python3 -c '
import os, sys, botocore.session
client = botocore.session.get_session().create_client("elasticbeanstalk", endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1")
def run(call):
    return {name: value for name, value in call.items() if name != "ResponseMetadata"}
try:
    print(eval(sys.argv[1]))
except Exception as error:
    print(type(error).__name__)' "$1" 2>>"$room/log"
}
# expect WHAT WANTED SEEN
expect() {
  echo "$1: $3"
  [ "$2" = "$3" ] || { echo "was: $2" >&2; exit 1; }
}
