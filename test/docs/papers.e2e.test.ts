import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOf } from '../../e2e/papers/blocks.ts'
import { Reader } from '../../e2e/papers/reader.ts'
import { allPapers } from './papers.ts'

/** Papers with a test of their own, and those without a command of ours. */
const ELSEWHERE = new Set(['part1.md'])

/** Every line that is not run, by its beginning, and why. */
const NOT_RUN = new Map([
  ['npm test', 'it is what runs this test'],
  [
    'npm run',
    'lanes of npm test run build, typecheck, lint and the pages; here they would run inside themselves',
  ],
  ['npx vitest', 'it is what runs this test'],
  ['npm pack', 'it packs what is to be installed in a project of the reader’s'],
  ['npm install', 'it installs into a project of the reader’s'],
  ['aws ', 'the wire lane runs the AWS CLI: e2e/aws-cli.wire.test.ts'],
  ['LUCREE_PASSWD=segredo node', "it serves until it is ended: the API's own tests start it"],
  ["curl -H 'Authorization: Token segredo'", "the API's own tests ask it this"],
])

/** Lines that go on until Ctrl-C, which they get after some seconds. */
const ENDLESS = /(--follow|-f)\b/

/** Lines that end otherwise than with 0 where they stand, and why. */
const ENDS_WITH = new Map<string, [code: number, why: string]>([
  ['lucree lock --lock-wait 10m', [9, 'the line above it has locked the environment by hand']],
  ['lucree releases 12', [2, 'there are not that many releases']],
  ['lucree rollback 12', [2, 'there are not that many releases']],
  ['lucree local start --runtime process --port 4780', [0, 'it is running, and says so']],
  ['lucree destroy --environment staging', [2, 'lucree.json of this repository lists no staging']],
  ['lucree local start --account free-plan', [2, 'the account that is there is another']],
])

/** A page in the order of the alphabet is no story: what locks others out, ends something or changes the shell comes after the rest, in this order. */
const LATE = [
  /^lucree lock/,
  /^lucree unlock/,
  /^lucree destroy/,
  // With --yes it writes the project file anew.
  /^lucree init/,
  /local env/,
  /^lucree local/,
  /^lucree local stop/,
  /^lucree local reset/,
]

interface Line {
  paper: string
  line: number
  text: string
}

const linesOf = (paper: string): Line[] =>
  blocksOf(paper)
    .filter(({ language }) => ['sh', 'bash', 'console'].includes(language))
    .flatMap(({ line, language, text }) =>
      text
        .replaceAll('\\\n', ' ')
        .split('\n')
        .filter((command) => (language === 'console' ? command.startsWith('$ ') : /^[^#\s]/.test(command)))
        .map((command, index) => ({
          paper,
          line: line + 1 + index,
          text: command
            .replace(/^\$ /, '')
            .replace(/\s{2,}#.*$/, '')
            .trim(),
        })),
    )

const papers = allPapers().filter((paper) => !ELSEWHERE.has(paper))
const isLeftOut = ({ text }: Line) => [...NOT_RUN.keys()].some((start) => text.startsWith(start))
const lateness = ({ text }: Line) => LATE.findLastIndex((late) => late.test(text))
const run = papers
  .map((paper) => ({
    paper,
    lines: linesOf(paper)
      .filter((line) => !isLeftOut(line))
      .sort((a, b) => lateness(a) - lateness(b)),
  }))
  .filter(({ lines }) => lines.length > 0)

describe.each(run)('the commands of $paper do what a reader expects, one after the other', ({ lines }) => {
  let reader: Reader
  beforeAll(async () => {
    reader = await Reader.open()
    await writeFile(join(reader.sandbox.dir, 'token'), 'typed by the reader')
    await stub(reader, 'pass', 'printf "from a store of secrets"')
    const { code, stdout } = await reader.run(PREPARE(reader.sandbox.dir), { env: reader.administrator })
    expect(code, stdout).toBe(0)
  })
  afterAll(() => reader.close())

  test.each(lines.map((line) => [`${line.line}: ${line.text}`, line] as const))('%s', async (_, { text }) => {
    const [expected] = ENDS_WITH.get(text) ?? [0]
    const addressed = text.replace(/ URL$/, ' "$URL"')
    const command = ENDLESS.test(text)
      ? `timeout --signal INT 4 ${addressed} || [ $? = 124 ] || [ $? = 130 ]`
      : addressed
    const typed = text.startsWith('lucree init') ? '' : 'typed by the reader\n'
    const { code, stdout } = await reader.run(command, { input: typed, env: reader.administrator })
    expect(code, stdout).toBe(expected)
  })
})

/** What every paper takes for granted: lucree on the path, its questions answered, and an address where one is meant. */
const PREPARE = (
  dir: string,
) => `export PATH="${dir}/bin:$PWD/node_modules/.bin:$PATH" LUCREE_YES=1 LUCREE_ENVIRONMENT=production
export LUCREE_PASSWD=of-the-process-environment
lucree deploy
export URL="$(lucree open --no-browser)"`

async function stub({ sandbox }: Reader, name: string, script: string): Promise<void> {
  await mkdir(join(sandbox.dir, 'bin'), { recursive: true })
  await writeFile(join(sandbox.dir, 'bin', name), `#!/bin/sh\n${script}\n`)
  await chmod(join(sandbox.dir, 'bin', name), 0o755)
}

test('every line that is left out, or ends otherwise, is one that a paper has', () => {
  const all = papers.flatMap(linesOf).map(({ text }) => text)
  for (const start of NOT_RUN.keys())
    expect(
      all.some((text) => text.startsWith(start)),
      start,
    ).toBe(true)
  for (const text of ENDS_WITH.keys()) expect(all).toContain(text)
})
