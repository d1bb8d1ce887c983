import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { arm, clearFaults } from './armed-faults.ts'
import { makeApp, writeFiles } from './failure-app.ts'
import { heldAt, type HeldProcess } from './held-process.ts'
import { ask, Sandbox } from './sandbox.ts'

interface Told {
  outcome: string
  url: string
  version: string
  release: number
  aftermath?: { removed: boolean; tried: boolean; why: string }
  error: {
    code: string
    exitCode: number
    message: string
    cause: string
    serving: string | null
    next: string[]
  }
}

let sandbox: Sandbox
let cwd: string
let good: Told
let apps = 0
beforeAll(async () => {
  sandbox = await Sandbox.open()
})
afterAll(() => sandbox.close())
/** An environment of its own whose release 1 works; it takes a second until it listens, so that bringing it back takes time. */
beforeEach(async () => {
  apps += 1
  cwd = await makeApp(sandbox.dir, `shop-${apps}`, {})
  await serve('one', SLOWLY)
  good = await told('deploy')
  expect(good).toMatchObject({ outcome: 'deployed', release: 1 })
})
afterEach(async () => {
  await clearFaults(sandbox.state)
  await lucree('destroy', '--yes')
})

const SLOWLY = 'const until = Date.now() + 1000; while (Date.now() < until);'
const BROKEN = `throw new Error('broken on purpose')`
const serve = (text: string, before = '', port = 8080) =>
  writeFiles(cwd, {
    'server.js': `
${before}
const server = require('node:http').createServer((_, response) => response.end('${text}'))
server.listen(${port})
process.on('SIGTERM', () => server.close())
`,
  })
const lucree = (...words: string[]) => sandbox.lucree([...words, '--local', '--json'], { cwd })
const told = async (...words: string[]) => (await lucree(...words)).json<Told>()
const releases = async () =>
  (await lucree('releases'))
    .json<{ releases: { number: number; outcome: string }[] }>()
    .releases.map(({ number, outcome }) => `${number} ${outcome}`)
const armHere = (fault: string, more: Parameters<typeof arm>[2] = {}) =>
  arm(sandbox.state, fault, { times: 'forever', environment: `shop-${apps}-production`, ...more })

test('a rollback whose instances fail too ends with 7, says what serves and first of all what leads back, and that does', async () => {
  // It starts, so that it replaces what was there, and nobody reaches it.
  await serve('two', '', 9999)
  await armHere('disk-full', { after: 1 })
  const ran = await lucree('deploy')
  expect(ran.code, ran.stdout).toBe(7)
  const failed = ran.json<Told>()
  expect(failed).toMatchObject({
    outcome: 'failed',
    aftermath: { removed: false, tried: true },
    error: { code: 'LUC-DEPLOY-PORT' },
  })
  expect(failed.error.message).toMatch(/, and what was before could not be brought back \(.+\)$/)
  expect(failed.error.serving).toMatch(/ answers 502; meanwhile /)
  expect(failed.error.next[0]).toBe('lucree rollback --local 1   # back to the last release that worked')
  expect(await releases()).toEqual(['2 failed', '1 deployed'])

  await clearFaults(sandbox.state)
  expect(await told('rollback', '1')).toMatchObject({ outcome: 'deployed', version: good.version })
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })
})

test('so does one that Beanstalk does not take on; the same deploy ends with 0 once the cause is gone', async () => {
  await serve('two')
  await armHere('disk-full', { times: 1 })
  await armHere('server-error:500', { action: 'UpdateEnvironment', after: 1 })
  const ran = await lucree('deploy')
  expect(ran.code, ran.stdout).toBe(7)
  const { error } = ran.json<Told>()
  expect(error).toMatchObject({ code: 'LUC-DEPLOY-DISK-FULL' })
  expect(error.message).toMatch(/, and what was before could not be brought back \(.+\)$/)
  expect(error.serving).toContain(`answers 200 from ${good.version}`)
  expect(error.next[0]).toMatch(/^lucree rollback --local 1 /)

  await clearFaults(sandbox.state)
  const again = await lucree('deploy')
  expect(again.code, again.stdout).toBe(0)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'two' })
  expect(await releases()).toEqual(['3 deployed', '2 failed', '1 deployed'])
})

test('a change of an environment that did not work before says why nothing was taken back', async () => {
  await serve('two', BROKEN)
  expect((await lucree('deploy', '--no-rollback')).code).toBe(7)
  await serve('three', BROKEN)
  const { error, aftermath } = await told('deploy')
  expect(error.exitCode).toBe(7)
  expect(aftermath).toMatchObject({ tried: false })
  expect(error.message).toMatch(
    /, and was not rolled back \(what was there before it did not work either: .+\)$/,
  )
  expect(error.next).toContain('lucree rollback --local 1   # back to the last release that worked')
})

/** Starts a deploy of what breaks and holds it at the beginning of a stage of its rollback. */
async function heldInRollback(stage: 'Roll back' | 'Follow'): Promise<HeldProcess> {
  await serve('two', BROKEN)
  const deploy = sandbox.start(['deploy', '--local', '--json', '--follow'], { cwd })
  let rolls = false
  return heldAt(deploy, ({ kind, stage: begun }) => {
    if (kind !== 'stage-started') return false
    rolls ||= String(begun).startsWith('Roll back')
    return rolls && String(begun).startsWith(stage)
  })
}

/** Whatever became of the rollback: the next command finds the lock free and ends well. */
async function converges(words: string[], body: string): Promise<void> {
  const ran = await lucree(...words)
  expect(ran.code, ran.stdout).toBe(0)
  expect(await told('status')).toMatchObject({ status: 'Ready', proven: true })
  expect(await ask(good.url)).toEqual({ status: 200, body })
}

test('Ctrl-C while the rollback goes on says that the change had failed and that Beanstalk goes on, and the next deploy works', async () => {
  const { child, ends } = await heldInRollback('Follow')
  child.kill('SIGINT')
  child.kill('SIGCONT')
  const { code, last } = await ends<Told>()
  expect(code).toBe(130)
  expect(last.error.message).toMatch(/^Interrupted while \S+ was being rolled back$/)
  expect(last.error.cause).toMatch(
    /^its change had failed \(.+\); Beanstalk goes on with bringing back what was before, and \S+ is not proven to serve$/,
  )
  expect(last.error.next[0]).toBe('lucree status --local')
  expect(await releases()).toEqual(['2 interrupted', '1 deployed'])
  await serve('three')
  await converges(['deploy'], 'three')
  expect(await releases()).toEqual(['3 deployed', '2 interrupted', '1 deployed'])
})

test('Ctrl-C while Beanstalk is being asked to roll back claims neither that it was nor that it wasn’t', async () => {
  const { child, ends } = await heldInRollback('Roll back')
  child.kill('SIGINT')
  child.kill('SIGCONT')
  const { code, last } = await ends<Told>()
  expect(code).toBe(130)
  expect(last.error.cause).toContain('Beanstalk may have been asked to bring back what was before')
  expect(await releases()).toEqual(['2 interrupted', '1 deployed'])
  await converges(['rollback', '1'], 'one')
})

test('Ctrl-C twice during a rollback leaves at once and says how to look again; the next deploy works', async () => {
  const { child, heard, ends } = await heldInRollback('Follow')
  // The record of the release is written on the way out: that is when the second one comes.
  await arm(sandbox.state, 'latency:4000', { action: 'PutObject', times: 'forever' })
  child.kill('SIGINT')
  child.kill('SIGCONT')
  while (!heard().includes('Stopping')) await delay(10)
  child.kill('SIGINT')
  const { code, signal } = await ends<Told>()
  expect([code, signal]).toEqual([null, 'SIGINT'])
  expect(heard()).toMatch(/Left at once: what was begun goes on\. Look again: lucree status --local/)
  await clearFaults(sandbox.state)
  await serve('three')
  await converges(['deploy'], 'three')
  expect(await releases()).toEqual(['3 deployed', '2 interrupted', '1 deployed'])
})

test.each(['Roll back', 'Follow'] as const)(
  'killed in its rollback at the stage “%s”, lucree leaves a lock that ends and a release that the next command closes',
  async (stage) => {
    const { child, ends } = await heldInRollback(stage)
    child.kill('SIGKILL')
    expect(await ends()).toMatchObject({ signal: 'SIGKILL' })
    await converges(['rollback', '1'], 'one')
    expect((await releases()).slice(-2)).toEqual(['2 interrupted', '1 deployed'])
  },
)
