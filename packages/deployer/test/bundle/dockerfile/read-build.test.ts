import { expect, test } from 'vitest'
import { bundle, refusal } from '../bundled.ts'

test('a Dockerfile with a byte order mark is read, and what needs BuildKit is none of anybody’s concern', async () => {
  const Dockerfile = `\ufeffFROM a
COPY --link . .
RUN --mount=type=cache,target=/x y
RUN <<EOF
z
EOF
EXPOSE 80
`
  expect(await bundle({ Dockerfile })).toMatchObject({ port: 80, warnings: [] })
})

test('a frontend that each instance fetches is told', async () => {
  const { warnings } = await bundle({ Dockerfile: '# syntax=docker/dockerfile:1\nFROM a\nEXPOSE 80\n' })
  expect(warnings).toEqual([
    'Dockerfile:1: "# syntax=" makes each instance fetch a builder from Docker Hub before it builds.',
  ])
})

test.each(['', '# nothing\n', 'RUN x\n'])('a Dockerfile without FROM (%j) is refused', async (Dockerfile) => {
  const error = await refusal(bundle({ Dockerfile }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-DOCKERFILE', exitCode: 4 })
  expect(error.hints[0]).toMatch(/FROM public\.ecr\.aws/)
})

test.each([
  ['FROM a\nRUNN x\n', 'Dockerfile:2: unknown instruction: RUNN (did you mean RUN?)', 'RUNN x'],
  ['FROM a\nLABEL a\n', 'Dockerfile:2: LABEL must have two arguments', 'LABEL a'],
  ['FROM a\nEXPOSE http\n', 'Dockerfile:2: Invalid containerPort: http', 'EXPOSE http'],
  ['FROM a\nCOPY --nope a b\n', 'Dockerfile:2: unknown flag: nope', 'COPY --nope a b'],
])('%j is refused in docker’s words, with the line', async (Dockerfile, message, line) => {
  const error = await refusal(bundle({ Dockerfile }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-DOCKERFILE', exitCode: 4, evidence: [line] })
  expect(error.message.startsWith(message)).toBe(true)
})

test('a Dockerfile in UTF-16 is told as that', async () => {
  const error = await refusal(bundle({ Dockerfile: Buffer.from('\ufeffFROM a\nEXPOSE 80\n', 'utf16le') }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-DOCKERFILE', message: 'Dockerfile:1: it is in UTF-16' })
  expect(error.hints[0]).toMatch(/^iconv /)
})
