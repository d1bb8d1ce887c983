#!/usr/bin/env bash
# One would guess: `COPY --chmod=u+x` makes the file executable, or is refused as no octal mode.
# It is accepted, and the mode stays as it was. Newer frontends know letters; this one drops what it can't read.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
echo '#!/bin/sh' >run && chmod 644 run
printf 'FROM scratch\nCOPY --chmod=755 run /octal\nCOPY --chmod=u+x run /letters\nCOPY --chmod=nonsense run /nonsense\n' >Dockerfile
build . --output "type=local,dest=$room/out" >"$room/log" 2>&1
expect 'octal' 755 "$(stat -c %a "$room/out/octal")"
expect 'u+x' 644 "$(stat -c %a "$room/out/letters")"
expect 'nonsense' 644 "$(stat -c %a "$room/out/nonsense")"
expect 'warnings of the build' '0' "$(grep -ci warn "$room/log" || true)"
