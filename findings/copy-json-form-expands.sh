#!/usr/bin/env bash
# One would guess: the JSON form of COPY is literal, as that of RUN and CMD is, so ["a*"] or at least ["a\\*"] names the file a*.
# It isn't: a string of it is a word of the shell form that may hold blanks. Variables are expanded, quotes and backslashes go away, and only then is it read as a
# pattern. A backslash that is left doesn't help either: without another wildcard the text is a path with a backslash.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
touch 'a*' ab "it's"
seen() {
  printf 'FROM scratch\nARG NAME=ab\nCOPY ["%s", "/to/"]\n' "$1" >Dockerfile
  rm -rf "$room/out"
  build . --output "type=local,dest=$room/out" >"$room/log" 2>&1
  ls "$room/out/to" | sort | xargs
}

expect '["a*"]    ' 'a* ab' "$(seen 'a*')"
expect '["a\\*"]  ' 'a* ab' "$(seen 'a\\*')"
expect '["a\\\\*"]' '' "$(seen 'a\\\\*' 2>/dev/null || true)"
expect 'why       ' '"/a\\*": not found' "$(sed -n 's/^ERROR: .*: \("[^"]*": not found\)$/\1/p' "$room/log")"
expect '["$NAME"] ' 'ab' "$(seen '$NAME')"
