#!/usr/bin/env bash
# One would guess: the last line of .dockerignore that matches decides, so `d/secret` and then `!d` sends d/secret; npm's @balena/dockerignore 1.0.2, made for this,
# says so too.
# It is not sent: a line counts for a path only by what that line itself gave for the path or its parents, and `!d` found nothing to bring back when it was
# compared with d. `!d/**` does bring it back. Two tools that read one file send different files.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir -p "$room/context/d" "$room/npm" && cd "$room/context"
printf 'FROM scratch\nCOPY . /\n' >Dockerfile
touch d/secret d/open
npm install --silent --no-audit --no-fund --prefix "$room/npm" @balena/dockerignore@1.0.2
seen() {
  printf "$1" >.dockerignore
  rm -rf "$room/out"
  build . --output "type=local,dest=$room/out" >"$room/log" 2>&1
  (cd "$room/out" && find d -type f | sort | xargs)
}
guess() {
  (cd "$room/npm" && node -e '
    const ignore = require("@balena/dockerignore")().add(process.argv[1])
    console.log(["d/open", "d/secret"].filter((path) => !ignore.ignores(path)).join(" "))' "$(printf "$1")")
}

expect 'BuildKit,             d/secret then !d   ' 'd/open' "$(seen 'd/secret\n!d\n')"
expect '@balena/dockerignore, d/secret then !d   ' 'd/open d/secret' "$(guess 'd/secret\n!d\n')"
expect 'BuildKit,             d/secret then !d/**' 'd/open d/secret' "$(seen 'd/secret\n!d/**\n')"
