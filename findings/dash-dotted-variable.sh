#!/usr/bin/env bash
# One would guess: a variable like spring.datasource.url, which ENV and `docker run --env` accept, reaches the application.
# It reaches that of an exec form. The shell form starts it through the image's shell, and Debian's dash drops every variable whose name it couldn't set, also for what
# it replaces itself with (`exec`): an application finds a setting or not by the brackets around its CMD.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
source "$(dirname "$0")/base-image.bash"
[ "$dash" = '0.5.12-12' ] || { echo 'another dash than the one that this was seen with' >&2; exit 1; }
mkdir "$room/context" && cd "$room/context"
dotted() {
  printf 'FROM base\nENV in.image=1 plain=1\nCMD %s\n' "$1" >Dockerfile
  build . --tag each >"$room/log" 2>&1
  docker run --rm --network none --env by.option=1 each | grep -E '^(in|by|plain)\b' | sort | xargs
}

expect 'CMD ["env"]                  ' 'by.option=1 in.image=1 plain=1' "$(dotted '["env"]')"
expect 'CMD env                      ' 'plain=1' "$(dotted 'env')"
expect 'CMD exec env                 ' 'plain=1' "$(dotted 'exec env')"
expect 'CMD ["sh", "-c", "exec env"] ' 'plain=1' "$(dotted '["sh", "-c", "exec env"]')"
