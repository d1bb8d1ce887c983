import { expect, test } from 'vitest'
import { bundle, refusal } from '../bundled.ts'

test('what older engines don’t build is told with its line and does not stop', async () => {
  const Dockerfile = `# syntax=docker/dockerfile:1
FROM a
COPY --link . .
RUN --mount=type=cache,target=/x y
RUN <<EOF
z
EOF
EXPOSE 80
`
  const { warnings } = await bundle({ Dockerfile })
  expect(warnings.map((warning) => warning.slice(0, 34))).toEqual([
    'Dockerfile:1: "# syntax=" makes ea',
    'Dockerfile:3: COPY --link needs Bu',
    'Dockerfile:4: RUN --mount needs Bu',
    'Dockerfile:5: a heredoc needs Buil',
  ])
})

test.each(['', '# nothing\n', 'RUN x\n'])('a Dockerfile without FROM (%j) is refused', async (Dockerfile) => {
  expect((await refusal(bundle({ Dockerfile }))).message).toBe('Dockerfile:1: it has no FROM')
})
