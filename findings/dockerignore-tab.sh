#!/usr/bin/env bash
# One would guess: a tab inside a line of .dockerignore is a character of a name, as a blank is.
# It is: the whole build fails, unless another line of the file has a character that isn't ASCII. The patterns travel to the client in a header of gRPC's, which
# is escaped only when one of them isn't ASCII, and gRPC takes no control character.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
printf 'FROM scratch\nCOPY . /\n' >Dockerfile
touch $'tab\there' kept
refusal() { build . --output "type=local,dest=$room/out" 2>&1 | sed -n 's/^ERROR: .*\(header key .*\)/\1/p'; }

printf 'tab\there\n' >.dockerignore
expect 'a tab alone' 'header key "exclude-patterns" contains value with non-printable ASCII characters' "$(refusal)"
printf 'tab\there\n# é\n' >.dockerignore
expect 'with é in a comment' 'header key "exclude-patterns" contains value with non-printable ASCII characters' "$(refusal)"
printf 'tab\there\né\n' >.dockerignore
expect 'with é in a pattern' '' "$(refusal)"
expect 'what the build sees then' '.dockerignore Dockerfile kept' "$(ls -A "$room/out" | sort | xargs)"
