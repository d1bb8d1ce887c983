#!/usr/bin/env bash
# One would guess: npm's dockerfile-ast 0.7.1, the parser of editors and linters, divides a Dockerfile into the builder's instructions.
# It takes `\\` at the end of a line, an escaped backslash at which the instruction ends, for a continuation: the instruction behind it is gone.
set -euo pipefail
source "$(dirname "$0")/private-docker.bash"
mkdir "$room/context" "$room/npm" && cd "$room/context"
npm install --silent --no-audit --no-fund --prefix "$room/npm" dockerfile-ast@0.7.1
printf 'FROM scratch\nENV A=a\\\\\nENV B=b\n' >Dockerfile
build . --iidfile "$room/id" >"$room/log" 2>&1
expect 'variables of the image' 'A=a\ B=b' "$(docker inspect --format '{{index .Config.Env 1}} {{index .Config.Env 2}}' "$(cat "$room/id")")"
parsed=$(cd "$room/npm" && node -e '
  const { DockerfileParser } = require("dockerfile-ast")
  const file = DockerfileParser.parse(require("fs").readFileSync(process.argv[1], "utf8"))
  console.log(file.getInstructions().map((each) => each.getInstruction()).join(" "))' "$room/context/Dockerfile")
expect 'instructions of dockerfile-ast' 'FROM ENV' "$parsed"
