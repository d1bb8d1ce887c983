#!/usr/bin/env bash
# One would guess: `|` is plain in .dockerignore, whose patterns are Go's filepath.Match; or it always means "or".
# It is plain in a line without a wildcard. A `*` or `?` anywhere in the line makes it divide the whole line, each half with one end open: `a|*.md` leaves out
# everything that begins with a.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
printf 'FROM scratch\nCOPY . /\n' >Dockerfile
touch 'a|b' 'a|b.md' a apple.txt b c.md d
seen() {
  rm -rf "$room/out"
  build . --output "type=local,dest=$room/out" >"$room/log" 2>&1
  ls "$room/out" | sort | paste -sd' '
}

echo 'a|b' >.dockerignore
expect 'a|b' 'Dockerfile a apple.txt a|b.md b c.md d' "$(seen)"
echo 'a|*.md' >.dockerignore
expect 'a|*.md' 'Dockerfile b d' "$(seen)"
