import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { askKind } from '../../src/runtime/docker/engine-kind.ts'
import { BASE, engine, FRESH, processesWith, runtimeIn } from './engine-under-test.ts'
import { filesIn, scratch } from './fixture.ts'

/** The table of the README: for each engine, what each row says. */
function table(): Map<string, Map<string, string>> {
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
  const section = /^## Engines$(.*?)^## /ms.exec(readme)?.[1] ?? ''
  const [heads = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return new Map(
    heads.slice(1).map((head, at) => [head, new Map(rows.map((row) => [row[0]!, row[at + 1]!]))]),
  )
}

const signal = new AbortController().signal

/** Builds a Dockerfile; answers what it printed, or undefined when it is refused or fails. */
async function built(dockerfile: string, files: Record<string, string> = {}): Promise<string[] | undefined> {
  const runtime = runtimeIn(await scratch())
  onTestFinished(() => runtime.leave())
  const sourceDir = await filesIn({ Dockerfile: dockerfile, ...files })
  const lines: string[] = []
  try {
    await runtime.build({
      sourceDir,
      name: 'lucree/i-0abc/probe',
      log: (line) => lines.push(line.replace(/^#\d+ \d+\.\d+ /, '')),
      signal,
    })
    return lines
  } catch {
    return undefined
  }
}

const whether = (yes: boolean) => (yes ? 'yes' : 'no')
const builds = async (...given: Parameters<typeof built>) => whether((await built(...given)) !== undefined)

async function stepOfAbortedBuild(): Promise<string> {
  const runtime = runtimeIn(await scratch())
  const mark = `lucree-probe-${process.pid}`
  const sourceDir = await filesIn({
    Dockerfile: `${FRESH}RUN echo begun && exec node -e "setTimeout(() => {}, 8_000) // ${mark}"\n`,
  })
  const abort = new AbortController()
  const log = (line: string) => void (/(^| )begun$/.test(line) && abort.abort(new Error('stop')))
  const given = { sourceDir, name: 'lucree/i-0abc/probe', log, signal: abort.signal }
  await runtime.build(given).catch(() => undefined)
  const began = performance.now()
  await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([])
  return performance.now() - began < 4_000 ? 'ends' : 'runs to its end'
}

/** Each row of the table, found out by asking the engine. */
const PROBES: Record<string, () => Promise<string>> = {
  'heredocs (`RUN <<EOF`)': async () =>
    whether(
      (await built(`${FRESH}RUN <<EOF\necho from-a-heredoc\nEOF\n`))?.includes('from-a-heredoc') === true,
    ),
  '`RUN --mount=type=cache`': () => builds(`${FRESH}RUN --mount=type=cache,target=/c echo > /c/x\n`),
  '`COPY --link`': () => builds(`${FRESH}COPY --link a /a\n`, { a: '' }),
  '`${NAME#pattern}`': async () =>
    whether(
      (await built(`${FRESH}ENV A=xyz\nENV B=\${A#x}\nRUN echo "B is $B"\n`))?.includes('B is yz') === true,
    ),
  'a pattern of COPY that matches nothing builds': () => builds(`${FRESH}COPY nothing* /x/\n`),
  'a stage that the result doesn’t need': async () =>
    (await built(`FROM ${BASE} AS unneeded\nRUN echo it-ran\n${FRESH}`))?.includes('it-ran')
      ? 'runs'
      : 'is left out',
  'a step that ran before': async () => {
    const dockerfile = `${FRESH}RUN echo ran-${process.pid}-$((1 + 1))\n`
    await built(dockerfile)
    return (await built(dockerfile))?.includes(`ran-${process.pid}-2`) ? 'runs again' : 'is kept'
  },
  'the step of an aborted build': stepOfAbortedBuild,
}

test('what an engine can and can’t do is what the README’s table says', async () => {
  const { name } = await askKind(engine)
  const [column, says] = [...table()].find(([head]) => name.startsWith(`${head}.`)) ?? []
  expect([...table().keys()].length).toBe(4)
  // Of other versions nothing is said.
  if (column === undefined || says === undefined) return
  const found: Record<string, string> = {}
  for (const [row, probe] of Object.entries(PROBES)) {
    if (row.startsWith('the step of') && !existsSync('/proc/self')) continue
    found[row] = await probe()
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((row) => [row, says.get(row)])))
})
