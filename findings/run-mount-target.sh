#!/usr/bin/env bash
# One would guess: the directory that `RUN --mount` is mounted at stays in the image, empty, as the one of `docker run -v` stays in a container.
# It is gone after its step, with all parents that were made for it. A directory that was there before stays, and so does a parent that the step wrote into.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
source "$(dirname "$0")/base-image.bash"
mkdir -p "$room/context/empty" && cd "$room/context"
after() {
  printf 'FROM base\nCOPY empty /before\nRUN --mount=type=%s,target=%s test -d %s && %s\nRUN for each in /before /m /m/own /m/n; do test -e $each && echo "still $each"; done; exit 1\n' \
    "$1" "$2" "$2" "$3" >Dockerfile
  build . >"$room/log" 2>&1 || true
  sed -n 's/^#.* still //p' "$room/log" | sort | xargs
}

expect 'bind at /m/n           ' '/before' "$(after bind /m/n true)"
expect 'cache at /m/n          ' '/before' "$(after cache /m/n true)"
expect 'cache at /before       ' '/before' "$(after cache /before true)"
expect 'bind at /m/n, and a file' '/before /m /m/own' "$(after bind /m/n ': >/m/own')"
docker run --name one --network none --volume "/data:/m/n:ro" base sh -c true
expect 'docker run --volume     ' 'A /m A /m/n' "$(docker diff one | sort | xargs)"
