#!/usr/bin/env bash
# One would guess: `COPY a b /x` without a slash at the end is an error, as it was in the classic builder, or makes the directory /x.
# It is neither: /x is the file b, and a is lost without a word. When /x is a directory of an earlier step, both go into it.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir -p "$room/context/there" && cd "$room/context"
echo 'I am a' >a && echo 'I am b' >b && touch there/c
show() {
  rm -rf "$room/out"
  build . --output "type=local,dest=$room/out" >"$room/log" 2>&1
  (cd "$room/out" && grep -r '' x | sort | paste -sd,)
}

printf 'FROM scratch\nCOPY a b /x\n' >Dockerfile
expect 'COPY a b /x' 'I am b' "$(show)"
expect 'warnings of the build' '0' "$(grep -ci warn "$room/log" || true)"
printf 'FROM scratch\nCOPY there /x\nCOPY a b /x\n' >Dockerfile
expect 'with a directory /x' 'x/a:I am a,x/b:I am b' "$(show)"
