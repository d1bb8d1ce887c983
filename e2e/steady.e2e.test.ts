import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, Sandbox } from './sandbox.ts'

interface Told {
  outcome: string
  url: string
  version: string
  release: number
  restored?: { version: string; release: number | null }
  durationMs: number
  error: { code: string; message: string; cause: string; evidence: string[]; serving: string; next: string[] }
}

let sandbox: Sandbox
let cwd: string
beforeEach(async () => {
  sandbox = await Sandbox.open()
  cwd = await sandbox.app('no-expose')
})
afterEach(() => sandbox.close())

/** A server that answers its text; `ends` is when it ends by itself, ms after it has begun to listen. */
async function serve(text: string, ends = 'undefined'): Promise<void> {
  const server = `
const ends = ${ends}
const server = require('node:http').createServer((_, response) => response.end('${text}'))
server.listen(3000, () => {
  if (ends !== undefined) setTimeout(() => { console.error('the pool of ${text} is exhausted'); process.exit(9) }, ends)
})
process.on('SIGTERM', () => server.close())
`
  await writeFile(join(cwd, 'server.js'), server)
}

/** As a user has it: the sandbox's own variable, for all other tests, is off. */
const lucree = (words: string[], steady = '5s') =>
  sandbox.lucree([...words, '--local', '--json'], { cwd, env: { LUCREE_STEADY: steady } })
const outcomes = async () =>
  (await lucree(['releases']))
    .json<{ releases: { outcome: string }[] }>()
    .releases.map(({ outcome }) => outcome)

test('a version that ends 2.5 s after it began to listen is not deployed: what was before comes back, and stays the last one that worked', async () => {
  await serve('one')
  const good = (await lucree(['deploy'])).json<Told>()
  expect(good).toMatchObject({ outcome: 'deployed' })
  await serve('two', '2500')
  const ran = await lucree(['deploy'])
  expect(ran.code, ran.stdout).toBe(6)
  const failed = ran.json<Told>()
  expect(failed).toMatchObject({ outcome: 'rolled-back', restored: { version: good.version, release: 1 } })
  expect(failed.error.evidence.join('\n')).toContain('the pool of two is exhausted')
  expect(failed.error.code).toBe('LUC-DEPLOY-UNSTEADY')
  expect(failed.error.cause).toMatch(/answered 200 at first, and 502 after \d\.\d s/)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })
  expect(await outcomes()).toEqual(['rolled-back', 'deployed'])

  const people = await sandbox.lucree(['deploy', '--local', '--steady', '5s'], { cwd })
  expect(people.code).toBe(6)
  expect(people.stderr).toMatch(/answered 200 at first, and 502 after \d\.\d s/)
})

test('a first deploy that ends so is removed, and a change of a property that makes it end so is taken back', async () => {
  await serve('one', '2500')
  const first = await lucree(['deploy'])
  expect([first.code, first.json<Told>().outcome]).toEqual([7, 'failed'])
  expect((await lucree(['status'])).code).toBe(2)

  await serve('one', 'process.env.FLAG && Number(process.env.FLAG)')
  expect((await lucree(['deploy'], '1s')).code).toBe(0)
  const set = await lucree(['env', 'set', 'FLAG=2500'])
  expect(set.code, set.stdout).toBe(6)
  expect(await ask(set.json<Told>().url)).toMatchObject({ status: 200 })
})

test('how long it must go on answering is the user’s choice; what has done so already is not waited for', async () => {
  await serve('one')
  const long = (await lucree(['deploy', '--steady', '7s'])).json<Told>()
  expect(long.durationMs).toBeGreaterThan(7_000)
  const again = (await lucree(['deploy'])).json<Told>()
  expect(again.outcome).toBe('unchanged')
  expect(again.durationMs).toBeLessThan(7_000)
  await serve('two', '8000')
  expect((await lucree(['deploy', '--steady', '0s'], '5s')).code).toBe(0)
  const wrong = await lucree(['deploy', '--steady', 'long'])
  expect(wrong.json<Told>().error).toMatchObject({
    code: 'LUC-USAGE-DURATION',
    next: ['lucree deploy --local --json --steady 5s'],
  })
})

test('a release that nobody waited for is only told as deployed when it has gone on answering', async () => {
  await serve('one')
  await lucree(['deploy'])
  await serve('two', '3500')
  expect((await lucree(['deploy', '--no-wait'])).code).toBe(0)
  for (let look = 0; look < 100; look += 1) {
    const status = (await lucree(['status'])).json<{ status: string; proven: boolean }>()
    if (status.status === 'Ready' && status.proven) break
    await delay(50)
  }
  await lucree(['env', 'set', 'COLOUR=green'])
  expect((await outcomes()).slice(1)).toEqual(['failed', 'deployed'])
})

test('a clock that is an hour off makes it neither longer nor shorter', async () => {
  await serve('one')
  await lucree(['deploy'], '0s')
  await sandbox.lucree(['local', 'fault', 'arm', 'clock-skew:3600'])
  await serve('two', '2500')
  const broken = await lucree(['deploy'])
  expect(broken.code, broken.stdout).toBe(6)
  await serve('three')
  expect((await lucree(['deploy'])).json<Told>()).toMatchObject({ outcome: 'deployed' })
  const logs = await lucree(['logs'])
  expect(logs.code, logs.stdout).toBe(0)
})

test('unstick does not take what ends again and again for what works', async () => {
  await serve('one', '1500')
  expect((await lucree(['deploy'], '0s')).code).toBe(0)
  const planned = await lucree(['unstick', '--dry-run'])
  expect(planned.json<Told & { sees: string; steps: { name: string }[] }>()).toMatchObject({
    outcome: 'planned',
    sees: expect.stringMatching(/ (answered 200 at first, and 502 after \d\.\d s|answers 502)/) as string,
    steps: expect.arrayContaining([expect.objectContaining({ name: 'restart' })]) as unknown[],
  })
})
