#!/usr/bin/env bash
# One would guess: `WORKDIR /x/../data` is cleaned to /data, as `WORKDIR x/../data` is.
# An absolute one stands in the image as it is written, dots and last slash too, while the build works in the cleaned directory and makes no other.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
touch mark
workdir() {
  printf 'FROM scratch\nWORKDIR %s\nCOPY mark .\n' "$1" >Dockerfile
  build . --iidfile "$room/id" >"$room/log" 2>&1
  docker inspect --format '{{.Config.WorkingDir}}' "$(cat "$room/id")"
}
directories() {
  rm -rf "$room/out"
  build . --output "type=local,dest=$room/out" >"$room/log" 2>&1
  (cd "$room/out" && find . -mindepth 1 | sort | xargs)
}

expect 'WORKDIR x/../data in the image' '/data' "$(workdir x/../data)"
expect 'WORKDIR /x/../data/./d/ in the image' '/x/../data/./d/' "$(workdir /x/../data/./d/)"
expect 'its files' './data ./data/d ./data/d/mark' "$(directories)"
