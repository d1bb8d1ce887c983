import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { followBuildKit } from '../../../../src/runtime/docker/build-output.ts'

/** What an engine answered to `POST /build?version=2`, kept as it came. */
async function told(recording: string): Promise<string[]> {
  const lines: string[] = []
  const output = createReadStream(join(import.meta.dirname, 'fixtures', `${recording}.jsonl`))
  const failure = await followBuildKit(output, (line) => lines.push(line))
  return failure === undefined ? lines : [...lines, failure]
}

/** Durations differ from one recording to the next. */
const timeless = (lines: string[]) =>
  lines.map((line) => line.replace(/\d+\.\d+(?=s$)|\b\d+\.\d{3}(?= )/, 'T'))

test('a failed step is told as docker build tells it: with its output, its last lines again and why', async () => {
  const step = `[build 4/4] RUN node -e "console.log('compiling'); console.error('TS2304: Cannot find name x'); process.exit(2)"`
  const lines = timeless(await told('docker-26-failed-step'))
  const from = lines.findIndex((line) => line.endsWith(step))
  const number = lines[from]?.split(' ')[0] ?? ''
  expect(lines.slice(from)).toEqual([
    `${number} ${step}`,
    `${number} T compiling`,
    `${number} T TS2304: Cannot find name x`,
    expect.stringMatching(
      /^#\d+ ERROR: process "\/bin\/sh -c node .*" did not complete successfully: exit code: 2$/,
    ),
    '------',
    ` > ${step}:`,
    'T compiling',
    'T TS2304: Cannot find name x',
    '------',
    expect.stringMatching(
      /^ERROR: failed to solve: process "\/bin\/sh -c node .*" did not complete successfully: exit code: 2$/,
    ),
  ])
})

test('the BuildKit of 20.10 is told in the same form', async () => {
  const lines = timeless(await told('docker-20.10-failed-step'))
  expect(lines).toContain('T TS2304: Cannot find name x')
  expect(lines.at(-1)).toMatch(
    /^ERROR: failed to solve: executor failed running \[\/bin\/sh -c node .*\]: exit code: 2$/,
  )
})

test('steps are numbered from 1 as they begin, and say whether they ran', async () => {
  for (const engine of ['docker-26', 'docker-20.10']) {
    const lines = timeless(await told(`${engine}-built`))
    const numbers = [...new Set(lines.flatMap((line) => /^#(\d+) /.exec(line)?.[1] ?? []))]
    expect(numbers).toEqual(numbers.map((_, index) => String(index + 1)))
    expect(lines.some((line) => line.endsWith('RUN echo built here'))).toBe(true)
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ CACHED$/))
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ DONE Ts$/))
  }
})

test.each([
  ['docker-26-missing-source', /^ERROR: failed to solve: .*"\/dist": not found$/],
  ['docker-20.10-missing-source', /^ERROR: failed to solve: .*"\/dist" not found: not found$/],
  [
    'docker-26-unknown-instruction',
    /^ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: RUNN/,
  ],
  [
    'docker-20.10-unknown-instruction',
    /^ERROR: failed to solve with .*dockerfile parse error line 2: unknown instruction: RUNN/,
  ],
])('%s ends with one line that says why', async (recording, why) => {
  expect((await told(recording)).at(-1)).toMatch(why)
})

test('a line that comes in parts, cut within a character, is one line', async () => {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, value >> 7])
  const field = (number: number, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
  const time = (seconds: number) => Buffer.from([0x08, seconds])
  const step = [field(1, Buffer.from('sha256:a')), field(3, Buffer.from('[1/1] RUN x')), field(5, time(1))]
  const log = (text: Uint8Array) =>
    field(3, Buffer.concat([field(1, Buffer.from('sha256:a')), field(2, time(3)), field(4, text)]))
  const umlaut = Buffer.from('grün\n')
  const updates = [
    field(1, Buffer.concat(step)),
    log(umlaut.subarray(0, 3)),
    log(umlaut.subarray(3)),
    log(Buffer.from('no line feed')),
    field(1, Buffer.concat([...step, field(6, time(4))])),
  ]
  const messages = updates.map((bytes) => ({ id: 'moby.buildkit.trace', aux: bytes.toString('base64') }))
  const lines: string[] = []
  const output = Readable.from(messages.map((message) => `${JSON.stringify(message)}\n`))
  await followBuildKit(output, (line) => lines.push(line))
  expect(lines).toEqual(['#1 [1/1] RUN x', '#1 2.000 grün', '#1 3.000 no line feed', '#1 DONE 3.0s'])
})
