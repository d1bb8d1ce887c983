#!/usr/bin/env bash
# One would guess: `EXPOSE 8080:80` is refused (EXPOSE publishes nothing), or exposes 8080.
# It exposes 80: the words are read as those of `docker run --publish`, and all but the container's port is thrown away, an address too. A variable that isn't
# set exposes nothing, and is no error.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
ports() {
  printf 'FROM scratch\nEXPOSE %s\n' "$1" >Dockerfile
  build . --iidfile "$room/id" >"$room/log" 2>&1
  docker inspect --format '{{range $port, $_ := .Config.ExposedPorts}}{{$port}} {{end}}' "$(cat "$room/id")" | xargs
}

expect 'EXPOSE 8080:80' '80/tcp' "$(ports 8080:80)"
expect 'EXPOSE 127.0.0.1:8080:80/udp' '80/udp' "$(ports 127.0.0.1:8080:80/udp)"
expect 'EXPOSE 9000-9001:80-81' '80/tcp 81/tcp' "$(ports 9000-9001:80-81)"
expect 'EXPOSE $UNSET' '' "$(ports '$UNSET')"
