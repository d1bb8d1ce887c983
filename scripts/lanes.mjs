import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, run } from './run.mjs'
import { tools } from './tools.mjs'

const minutes = 60_000
const vitest = join(root, 'node_modules/vitest/vitest.mjs')

/**
 * The lanes of DESIGN.md §10 and the two checks of the code's form. A lane with `suffix` is the vitest project of its name; it exists when
 * a test file has the suffix. `tool` is what the machine must have for it.
 */
export const lanes = [
  { name: 'typecheck', deadlineMs: 5 * minutes, npm: 'typecheck' },
  { name: 'lint', deadlineMs: 5 * minutes, npm: 'lint' },
  { name: 'unit', deadlineMs: 12 * minutes, suffix: '.test.ts' },
  { name: 'wire', deadlineMs: 6 * minutes, suffix: '.wire.test.ts', tool: tools.aws },
  {
    name: 'differential',
    deadlineMs: 20 * minutes,
    suffix: '.differential.test.ts',
    tool: tools.builder,
  },
  { name: 'e2e', deadlineMs: 45 * minutes, suffix: '.e2e.test.ts' },
  { name: 'container', deadlineMs: 10 * minutes, suffix: '.container.test.ts', tool: tools.engine },
  { name: 'browser', deadlineMs: 6 * minutes, suffix: '.browser.test.ts', tool: tools.chromium },
]

/** Lanes that have something to run. */
export const presentLanes = () => {
  const files = [
    'packages/api/test',
    'packages/docker-context/test',
    'packages/emulator/test',
    'packages/deployer/test',
    'e2e',
    'test',
  ]
    .filter((place) => existsSync(join(root, place)))
    .flatMap((place) => readdirSync(join(root, place), { recursive: true }))
  return lanes.filter(({ suffix }) => suffix === undefined || files.some((file) => file.endsWith(suffix)))
}

/**
 * Runs one lane. Answers `passed`, `failed` and `skipped` (tests; a check of the code's form counts as one) and its output, which is
 * empty with `live`.
 */
export async function runLane(lane, { live, env }) {
  if (lane.npm !== undefined) {
    const { code, output } = await run('npm', ['run', '--silent', lane.npm], {
      deadlineMs: lane.deadlineMs,
      live,
      env,
    })
    return code === 0
      ? { passed: 1, failed: 0, skipped: 0, output }
      : { passed: 0, failed: 1, skipped: 0, output }
  }
  const report = join(root, '.cache', 'test', `${lane.name}.json`)
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  // Kept output is read when something failed: then the failures, and not what went well.
  const reporters = [live ? '--reporter=default' : '--reporter=dot', '--reporter=json']
  const args = ['run', '--project', lane.name, '--allowOnly=false', ...reporters]
  const { code, output } = await run(process.execPath, [vitest, ...args, `--outputFile.json=${report}`], {
    deadlineMs: lane.deadlineMs,
    live,
    env,
  })
  return { ...countOf(report, code), output }
}

/** Adds up vitest's report. What ended without one, or with an error beside its tests, has failed at least once. */
function countOf(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  return {
    passed: numPassedTests,
    failed: code === 0 ? 0 : Math.max(1, numFailedTests),
    skipped: numPendingTests + numTodoTests,
  }
}
