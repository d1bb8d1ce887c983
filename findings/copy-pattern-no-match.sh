#!/usr/bin/env bash
# One would guess: whether `COPY lib/*.js /to/` without a match is refused depends on the Dockerfile's line and on the files.
# It also depends on the other instructions and on the cache. The client sends what all sources of the Dockerfile may need, so lib isn't there unless another one
# brings it: "no such file", though lib is in the context. And as soon as a COPY of nothing to the same place is cached, the refused line builds.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir -p "$room/context/lib" && cd "$room/context"
touch lib/readme.txt
result() {
  printf "FROM scratch\n$1" >Dockerfile
  if build . "${@:2}" >"$room/log" 2>&1; then echo 'builds'; else sed -n 's/^ERROR: failed to solve: lstat .*\(\/lib: .*\)/\1/p' "$room/log"; fi
}

expect 'COPY lib/*.js                     ' '/lib: no such file or directory' "$(result 'COPY lib/*.js /to/\n')"
expect 'COPY lib/*.js, COPY . /else behind' 'builds' "$(result 'COPY lib/*.js /to/\nCOPY . /else/\n' --no-cache)"
docker builder prune --all --force >"$room/log" 2>&1
expect 'COPY lib/*.js after a prune       ' '/lib: no such file or directory' "$(result 'COPY lib/*.js /to/\n')"
expect 'COPY *.js                         ' 'builds' "$(result 'COPY *.js /to/\n')"
expect 'COPY lib/*.js once more           ' 'builds' "$(result 'COPY lib/*.js /to/\n')"
expect 'COPY lib/*.js with --no-cache     ' '/lib: no such file or directory' "$(result 'COPY lib/*.js /to/\n' --no-cache)"
