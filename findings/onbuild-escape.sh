#!/usr/bin/env bash
# One would guess: the directive `# escape=` holds for the whole Dockerfile, so for what is behind ONBUILD too.
# A trigger is parsed again when it runs, as a file of its own: with a backslash as the escape, whatever the directive says. Its last backslash
# is lost without a word, and a blank that the directive's character escapes divides two words.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" && cd "$room/context"
label() {
  printf '# escape=`\n'"$1" >Dockerfile
  if build . --iidfile "$room/id" >"$room/log" 2>&1; then docker inspect --format '{{.Config.Labels.dir}}' "$(cat "$room/id")"; else sed -n 's/^ERROR: failed to solve: //p' "$room/log"; fi
}

expect 'LABEL dir=c:\app\, escape=`' 'c:\app\' "$(label 'FROM scratch\nLABEL dir=c:\\app\\\nLABEL b=b\n')"
expect 'ONBUILD with the same      ' 'c:\app' "$(label 'FROM scratch AS a\nONBUILD LABEL dir=c:\\app\\\nFROM a\n')"
expect 'LABEL dir=my` app, escape=`' 'my app' "$(label 'FROM scratch\nLABEL dir=my` app\n')"
expect 'ONBUILD with the same      ' "Syntax error - can't find = in \"app\". Must be of the form: name=value" \
  "$(label 'FROM scratch AS a\nONBUILD LABEL dir=my` app\nFROM a\n')"
