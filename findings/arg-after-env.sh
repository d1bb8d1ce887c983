#!/usr/bin/env bash
# One would guess: ENV always wins over an ARG of the same name; Docker's reference of the Dockerfile says so in these words.
# It is so only for an ARG before the ENV. After it the ARG's default is what the later instructions see, while the image keeps ENV's value: build and container
# disagree about one variable.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
image() {
  build . --iidfile "$room/id" >"$room/log" 2>&1
  docker inspect --format '{{.Config.Labels.seen}} {{index .Config.Env 1}}' "$(cat "$room/id")"
}

printf 'FROM scratch\nARG V=arg\nENV V=env\nLABEL seen=$V\n' >Dockerfile
expect 'ARG, then ENV: seen by LABEL, in the image' 'env V=env' "$(image)"
printf 'FROM scratch\nENV V=env\nARG V=arg\nLABEL seen=$V\n' >Dockerfile
expect 'ENV, then ARG: seen by LABEL, in the image' 'arg V=env' "$(image)"
printf 'FROM scratch\nENV V=env\nARG V\nLABEL seen=$V\n' >Dockerfile
expect 'ENV, then ARG without a default' 'env V=env' "$(image)"
