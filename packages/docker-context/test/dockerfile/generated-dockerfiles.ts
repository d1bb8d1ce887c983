import fc from 'fast-check'

/** What can stand in a word: quotes, escapes, variables of each form, and what another grammar would read as its own. */
const PIECES = [
  'x/y', '.', '/', '-', '=', ':', ',', '8080', '80', '1', 'tcp', 'é', '😀', '\\\\', '\\$', '\\"', "\\'", '\\a', '\\n', '`', '$A', '$B', '${A}', '${C}', '$UNSET', '${UNSET}', '$', '$$', '$1', '${1}', '$é', '$(', '$-x', '$?', '$@',
  '[', ']', '{', '*', '?', '~', '!', '&', ';', '|', '<', '>', '"a b"', "'a b'", '"$A"', "'$A'", '"\\$A"', '"\\a"', "'\\a'", '"a\'b"', '\'a"b\'', '""', "''", '\\\n', '\\\n# comment\n', '\\\n\n', '\uFEFF',
  '${UNSET:-z}', '${A:-z}', '${A:+"q"}', '${UNSET-\'q\'}', '${EMPTY-z}', '${EMPTY:-z}', '${EMPTY+z}', '${A/a/b}', '${A//a/}', '${A/?/$B}', '${UNSET/a/b}', '${A:-${B:-z}}', '${UNSET:-${B}}', '${UNSET:-\\}}', '"${UNSET:-a b}"', '${UNSET:-"a b"}',
] // prettier-ignore
/** What makes most words wrong; in few of them, since a builder that refuses tells nothing else. */
const WRONG = [
  '"',
  "'",
  '\\',
  '\\ ',
  ' ',
  '${',
  '}',
  '\\ \n',
  '<<',
  '${A',
  '${A:-',
  '${A^}',
  '${:-a}',
  '${A B}',
  '${UNSET?no}',
  '${UNSET:?}',
  '${EMPTY:?}',
  '${A?no}',
  '\u00A0',
  '\u2028',
]

const MODIFIED = ['A', 'B', 'C', 'UNSET', 'EMPTY', '1', 'é', 'A B', '', '@']
const MODIFIERS = [':-', '-', ':+', '+', ':?', '?', '/', '//', '=', ':=', '!', ':', ':1', '^', ',,', '@Q', '//*'] // prettier-ignore
const INNER = ['', 'a', 'ab', 'a b', '*', '?', '.', '\\.', '\\*', '\\/', '/', '/x', 'a/x', '*/x', '[a]', '$A', '${B}', '${UNSET:-z}', '"q"', "'q'", '"', "'", '\\}', '}', '\\', '+', '(', '|', 'é', '😀', '${', '^', '$', 'a*', '*b', '**'] // prettier-ignore

const inner = fc.array(fc.constantFrom(...INNER), { maxLength: 3 }).map((texts) => texts.join(''))
const modified = fc
  .tuple(fc.constantFrom(...MODIFIED), fc.constantFrom(...MODIFIERS), inner)
  .map(([name, modifier, text]) => `\${${name}${modifier}${text}}`)
/** What these take away always begins with a letter or a wildcard, and no other piece holds their signs. */
const removed = fc
  .tuple(
    fc.constantFrom(...MODIFIED),
    fc.constantFrom('#', '##', '%', '%%'),
    fc.constantFrom('a', 'b', '*', '?', '.'),
    inner,
  )
  .map(([name, modifier, first, text]) => `\${${name}${modifier}${first}${text}}`)
const piece = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', '1', 'x') },
  { weight: 40, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: modified },
  { weight: 3, arbitrary: removed },
  { weight: 1, arbitrary: fc.constantFrom(...WRONG) },
)
const textOf = (minLength: number, maxLength: number) =>
  fc.array(piece, { minLength, maxLength }).map((pieces) => pieces.join(''))
const word = textOf(1, 4)
const words = fc.array(word, { minLength: 1, maxLength: 3 })
const blank = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  ' \\\n',
  ' \\\n  ',
  ' \\\n# comment\n',
)
const name = fc.constantFrom(
  'A',
  'A',
  'B',
  'B',
  'C',
  'EMPTY',
  'PATH',
  'a.b',
  'é',
  '1',
  '"A"',
  '$A',
  'A B',
  '',
)

const together = (parts: fc.Arbitrary<string[]>): fc.Arbitrary<string> =>
  fc.tuple(parts, blank).map(([each, space]) => each.join(space))
const pairs = together(
  fc.array(
    fc.tuple(name, word).map((pair) => pair.join('=')),
    { minLength: 1, maxLength: 3 },
  ),
)
const oldPair = fc.tuple(name, blank, textOf(1, 4)).map((parts) => parts.join(''))
const json = fc
  .tuple(
    fc.array(fc.constantFrom('a', '$A', 'b c', 'é', '\\', '"', '\n', '/'), { maxLength: 3 }),
    fc.constantFrom('', '', '', '', '', '', ' ', '#', ',', ']', '\\\n', ' x'),
  )
  .map(([texts, tail]) => JSON.stringify(texts) + tail)
const oddJson = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("['a']", '["a",]', '[a]', '["a" "b"]', '[ "a" , "b" ]', '["\\u00e9"]', '["\\x"]', '["a"]#', '["a"\\\n, "b"]') },
  { weight: 1, arbitrary: fc.constantFrom('[]', '["a", 1]', '["a"', '[["a"]]', '[null]') },
) // prettier-ignore
const command = fc.oneof(
  { weight: 4, arbitrary: json },
  { weight: 1, arbitrary: oddJson },
  { weight: 4, arbitrary: together(words) },
)
const port = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('80', '8080/tcp', '53/udp', '$P', '${P}/udp', '80-82', '8080:80', '${P:-81}', '90/TCP', '"80"', '80/', '0') },
  { weight: 2, arbitrary: fc.constantFrom('80', '8080/tcp', '53/udp', '90/TCP', '80/sctp', '80/icmp', '80/', '/tcp', '0', '65535', '65536', '-1', '80-82', '82-80', '80-82/udp', '8080:80', '1-3:80', '8080-8082:80-82', '127.0.0.1:8080:80', '::1:1:80', '[::1]:1:80', '80:', ':80', '$P', '${P}/udp', '"80"', "'80'", '80,81', '080', '+80', '8 0', '80/tcp/udp', '"80 81"', '$P$P', '${P:-81}', '${NONE:-81 82}', '1e3', '0x50', '٣') },
  { weight: 1, arbitrary: word },
) // prettier-ignore
const path = fc.constantFrom('/a', '/a/', 'a', 'a/b', '..', '../x', '.', './', '/', '//a//b', '/a/../b', '$A', '"/q r"', '/a b', '${UNSET}', '$EMPTY', "'/s'", '/$A/x', 'C:\\x', '\\a', '~') // prettier-ignore

const keyword = (text: string) =>
  fc.constantFrom(text, text, text, text.toLowerCase(), ` ${text}`, `\t${text}`)
const instruction = (text: string, rest: fc.Arbitrary<string>) =>
  fc.tuple(keyword(text), blank, rest).map((parts) => parts.join(''))

const anyInstruction: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: instruction('ENV', pairs) },
  { weight: 8, arbitrary: instruction('ENV', oldPair) },
  { weight: 12, arbitrary: instruction('LABEL', pairs) },
  { weight: 3, arbitrary: instruction('LABEL', oldPair) },
  { weight: 12, arbitrary: instruction('ARG', fc.oneof(name, pairs, together(fc.array(name, { minLength: 1, maxLength: 2 })))) },
  { weight: 10, arbitrary: instruction('EXPOSE', together(fc.array(port, { minLength: 1, maxLength: 3 }))) },
  { weight: 4, arbitrary: instruction('USER', fc.oneof(word, together(words))) },
  { weight: 3, arbitrary: instruction('WORKDIR', fc.oneof(path, together(words))) },
  { weight: 9, arbitrary: instruction('CMD', command) },
  { weight: 9, arbitrary: instruction('ENTRYPOINT', command) },
  { weight: 5, arbitrary: instruction('VOLUME', fc.oneof(json, oddJson, path, together(words))) },
  { weight: 1, arbitrary: instruction('STOPSIGNAL', fc.constantFrom('SIGTERM', 'TERM', 'sigint', '9', '99', '0', '-1', 'SIGNOPE', '$A', '"SIGINT"', '15x', 'SIGRTMIN+3', 'rtmax-1')) },
  { weight: 1, arbitrary: instruction('SHELL', fc.oneof(json, oddJson)) },
  { weight: 1, arbitrary: instruction('HEALTHCHECK', fc.constantFrom('NONE', 'none', 'NONE x', 'CMD a', 'CMD ["a"]', '--interval=5s CMD a', '--interval=1 CMD a', '--retries=x CMD a', '--nope CMD a', 'CMD', '', '--timeout=1ms CMD a', '--timeout=1us CMD a', '--retries=-1 CMD a', 'RUN a', '--interval CMD a', '--start-period=1m30s CMD a b', '--start-interval=1s CMD a')) },
  { weight: 1, arbitrary: instruction('ONBUILD', fc.constantFrom('RUN a', 'ENV A=1', 'FROM x', 'ONBUILD RUN a', 'MAINTAINER a', 'NOPE', '', 'COPY a', 'env A', 'EXPOSE 99999')) },
  { weight: 1, arbitrary: fc.constantFrom('MAINTAINER a b', 'MAINTAINER', 'ENV', 'LABEL', 'CMD', 'USER', 'EXPOSE', 'ARG', 'NOPE a', '# comment', ' # comment', '', '  ', 'ENV A', 'FROM', 'VOLUME', 'ENV --a b', 'CMD --a b', 'EXPOSE --a', '\\', 'a\\\nb', '#escape=`', 'COPY a', 'RUN', 'ADD') },
) // prettier-ignore

const before = fc.oneof(
  { weight: 20, arbitrary: fc.constant('') },
  { weight: 9, arbitrary: fc.constantFrom('# escape=`\n', '# escape=\\\n', '#escape = `\n', '# comment\n# escape=`\n', '\n# escape=`\n', '\uFEFF', '# nope=x\n# escape=`\n', '#ESCAPE=`\n', 'ARG A=g\n', 'ARG B=scratch C=$B\n', 'ARG A\n', '\r\n', '# check=skip=all\n') },
  { weight: 1, arbitrary: fc.constantFrom('ENV A=1\n', '# escape=x\n', '# escape=`\n# escape=`\n') },
) // prettier-ignore
const from = fc.oneof(
  { weight: 10, arbitrary: fc.constant('FROM scratch\n') },
  { weight: 10, arbitrary: fc.constant('FROM scratch\nENV A=aba B="b x" C=a/b.c P=8080 EMPTY=\n') },
  { weight: 8, arbitrary: fc.constantFrom('FROM ${B:-scratch}\n', 'FROM scratch AS a\nENV A=in-a B=${A}\nFROM a\n', 'FROM scratch as Base\nARG A=of-base\nENV C=c\nCMD a\nFROM base AS x\n', 'FROM scratch AS a\nONBUILD ENV A=trigger\nONBUILD ARG B=$A\nFROM a\n', 'from "scratch"\n', 'FROM --platform=$TARGETPLATFORM scratch\nARG TARGETARCH TARGETOS\n', 'FROM scratch AS a\nENV A=${UNSET?no}\nFROM scratch\n', 'FROM scratch AS a.b_c-d\n', 'FROM scratch\nARG A=arg B\nENV C=$A\n') },
  { weight: 1, arbitrary: fc.constantFrom('FROM scratch AS 1a\n', 'FROM scratch AS\n', 'FROM scratch AS a b\n', 'FROM scratch AS a\nENV A=${UNSET?no}\nFROM a\n', 'FROM scratch x\n') },
) // prettier-ignore
const ends = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('\n', '\n', '\n', '\r\n', ' \n', '\n\n') },
  { weight: 1, arbitrary: fc.constant('\\\n') },
)

/**
 * Dockerfiles without a file and without a process: the image's configuration alone tells how the builder read them. Each has a FROM and no pattern
 * without text: of the two, this builder ends instead of refusing.
 */
export const generatedDockerfiles: fc.Arbitrary<string> = fc
  .tuple(before, from, fc.array(fc.tuple(anyInstruction, ends), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([head, base, instructions, last]) => {
    const text = head + base + instructions.map((parts) => parts.join('')).join('')
    return last ? text : text.trimEnd()
  })
