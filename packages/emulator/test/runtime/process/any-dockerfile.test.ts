import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { BuildFailed } from '../../../src/runtime/runtime.ts'
import { filesIn, scratch } from '../fixture.ts'

const table = join(import.meta.dirname, '../../../../docker-context/test/cases/dockerfiles.jsonl')
const dockerfiles = readFileSync(table, 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { dockerfile: string }).dockerfile)

const CONTEXT = { 'report.cjs': '', a: 'a', b: 'b', 'd/f': 'f', 'a.json': '{}', 't.tgz': 'no archive' }

/** One change to a Dockerfile's text; the numbers say where. */
const changes: ((words: string[], at: number, to: number) => string[])[] = [
  (words, at) => words.toSpliced(at, 1),
  (words, at) => words.toSpliced(at, 0, words[at] ?? ''),
  (words, at, to) => words.with(at, words[to] ?? '').with(to, words[at] ?? ''),
  (words, at) => words.with(at, `${words[at]}/`),
  (words, at) => words.with(at, `/${words[at]}`),
  (words, at) => words.with(at, (words[at] ?? '').slice(1)),
  (words, at) => words.with(at, `${words[at]}`.repeat(80)),
  (words, at) => words.with(at, `--${words[at]}`),
  (words, at) => words.with(at, '..'),
  (words, at) => words.with(at, '\u0000'),
]

const changed = fc
  .record({
    of: fc.integer({ min: 0, max: dockerfiles.length - 1 }),
    steps: fc.array(
      fc.record({
        change: fc.integer({ min: 0, max: changes.length - 1 }),
        at: fc.nat(),
        to: fc.nat(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ of, steps }) => {
    // With the blanks between them, so that lines stay lines.
    let words = (dockerfiles[of] ?? '').split(/(\s+)/)
    for (const { change, at, to } of steps) {
      const length = Math.max(words.length, 1)
      words = changes[change]?.(words, at % length, to % length) ?? words
    }
    return words.join('')
  })

test('whatever a Dockerfile says, it is built and started, or refused as a builder or an engine refuses', async () => {
  const runtime = new ProcessRuntime({ dir: await scratch(), clock: systemClock })
  let count = 0
  const outcomeOf = async (dockerfile: string): Promise<unknown> => {
    const sourceDir = await filesIn({ ...CONTEXT, Dockerfile: dockerfile })
    const signal = AbortSignal.timeout(60_000)
    try {
      const image = await runtime.build({ sourceDir, name: 'any', log: () => undefined, signal })
      const name = `any-${++count}`
      const outputFile = join(sourceDir, 'output.log')
      const started = runtime.start({ image, name, env: {}, port: 8080, outputFile, signal })
      const container = await started.catch((error: Error) => error)
      if (container instanceof Error)
        return 'code' in container || container.name !== 'Error' ? container : 'not started'
      await runtime.stop(container, 0)
      await runtime.removeImage(image)
      return 'started'
    } catch (error) {
      return error instanceof BuildFailed ? 'refused' : error
    }
  }
  await fc.assert(
    fc.asyncProperty(changed, async (dockerfile) => {
      const outcome = await outcomeOf(dockerfile)
      expect(['started', 'not started', 'refused'], `${String((outcome as Error)?.stack)}`).toContain(outcome)
    }),
    { numRuns: 60 },
  )
}, 120_000)
