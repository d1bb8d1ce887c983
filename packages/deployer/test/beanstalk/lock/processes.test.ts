import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listReleases } from '../../../src/beanstalk/releases/history.ts'
import { placeOf } from '../../../src/deploy/with-lock.ts'
import { type Account, openEmulated } from '../emulated.ts'
import type { Holding } from './holder-process.ts'

let account: Account
let dir: string
let program: string
beforeAll(async () => {
  account = await openEmulated()
  dir = await mkdtemp(join(tmpdir(), 'lucree-holders-'))
  program = join(dir, 'holder.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('holder-process.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
})
afterAll(async () => {
  await account.close()
  await rm(dir, { recursive: true, force: true })
})

function holder(of: Pick<Holding, 'environment' | 'stayMs'> & { ttlMs: number }): ChildProcess {
  const { url, region, credentials } = account.emulator
  const holding: Holding = {
    ...{ url, region, ...credentials, environment: of.environment, stayMs: of.stayMs },
    times: { ttlMs: of.ttlMs, beatMs: of.ttlMs / 3, pollMs: 100 },
    sign: join(dir, of.environment),
  }
  return spawn(process.execPath, ['--no-warnings', program, JSON.stringify(holding)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Number of the release that it makes, once it is inside. */
async function inside(child: ChildProcess): Promise<number> {
  let said = ''
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk)
    const number = /inside (\d+)/.exec(said)?.[1]
    if (number) return Number(number)
  }
  throw new Error(`it ended without getting in: ${said}`)
}

async function ended(child: ChildProcess): Promise<number | null> {
  let wrong = ''
  child.stderr?.on('data', (chunk) => (wrong += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  if (wrong) throw new Error(wrong)
  return code
}

async function releasesOf(environment: string) {
  const { documents, bundles } = account.cloud
  const tools = account.tools()
  const target = { application: 'shop', environment, region: account.emulator.region }
  const { place } = await placeOf(tools, target)
  return (await listReleases({ documents, bundles, place }, 10, tools.signal)).releases
}

test('three pairs of processes: never two inside at once, and each makes a release of its own', async () => {
  const environments = ['pair-one', 'pair-two', 'pair-three']
  const ends = environments.flatMap((environment) =>
    ['left', 'right'].map(() => ended(holder({ environment, stayMs: 200, ttlMs: 30_000 }))),
  )
  expect(await Promise.all(ends)).toEqual(ends.map(() => 0))
  for (const environment of environments) {
    const releases = await releasesOf(environment)
    expect(releases.map(({ number, outcome }) => [number, outcome])).toEqual([
      [2, 'deployed'],
      [1, 'deployed'],
    ])
  }
}, 60_000)

test('after a kill -9 of the holder the next one gets in when the time to live is over, and closes what it left open', async () => {
  const ttlMs = 2_000
  const environment = 'killed'
  const killed = holder({ environment, stayMs: 60_000, ttlMs })
  expect(await inside(killed)).toBe(1)
  const next = holder({ environment, stayMs: 0, ttlMs })
  killed.kill('SIGKILL')
  await once(killed, 'close')
  await rm(join(dir, environment))
  const killedAt = performance.now()
  expect(await inside(next)).toBe(2)
  const waitedMs = performance.now() - killedAt
  expect(waitedMs).toBeGreaterThan(ttlMs / 2)
  expect(waitedMs).toBeLessThan(ttlMs * 5)
  await once(next, 'close')
  expect((await releasesOf(environment)).map(({ outcome }) => outcome)).toEqual(['deployed', 'interrupted'])
}, 60_000)
