import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sandbox } from './sandbox.ts'

let sandbox: Sandbox
let cwd: string
let url: string

beforeAll(async () => {
  sandbox = await Sandbox.open()
  cwd = await sandbox.app('no-expose')
  const environments = { production: { type: 'load-balanced', minInstances: 2, maxInstances: 3 } }
  await writeFile(join(cwd, 'lucree.json'), JSON.stringify({ application: 'fleet', environments }))
  const deployed = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  expect(deployed.stderr).toBe('')
  url = deployed.json<{ url: string }>().url
})
afterAll(() => sandbox.close())

/** Asks again and again, four at a time and at most 20,000 times, until `work` is over; answers how often and what failed. */
async function underLoad(work: Promise<unknown>): Promise<{ asked: number; failures: string[] }> {
  let over = false
  let asked = 0
  const failures: string[] = []
  const asker = async () => {
    while (!over && asked < 20_000) {
      asked += 1
      try {
        const answer = await fetch(url)
        await answer.arrayBuffer()
        if (answer.status !== 200) failures.push(String(answer.status))
      } catch (error) {
        failures.push(String((error as Error).cause ?? error))
      }
    }
  }
  const askers = [asker(), asker(), asker(), asker()]
  await work.finally(() => (over = true))
  await Promise.all(askers)
  return { asked, failures }
}

test('two instances run the version, each told by status', async () => {
  const status = await sandbox.lucree(['status', '--local', '--json'], { cwd })
  expect(status.json()).toMatchObject({
    proven: true,
    instances: [{ deployment: 'deployed' }, { deployment: 'deployed' }],
  })
})

test('a rolling deploy and a change of properties lose no request', async () => {
  await writeFile(join(cwd, 'note.txt'), 'another version\n')
  const deploy = sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  const during = await underLoad(deploy)
  expect((await deploy).json()).toMatchObject({ outcome: 'deployed' })
  expect(during.failures).toEqual([])
  const set = sandbox.lucree(['env', 'set', 'COLOUR=green', '--local', '--json'], { cwd })
  const changing = await underLoad(set)
  expect((await set).json()).toMatchObject({ outcome: 'deployed' })
  expect(changing.failures).toEqual([])
  expect(Math.min(during.asked, changing.asked)).toBeGreaterThan(50)
})

test('a version that fails while it rolls out is taken back without a lost request', async () => {
  const server = join(cwd, 'server.js')
  const good = await readFile(server, 'utf8')
  await writeFile(server, "throw new Error('broken on purpose')\n")
  const deploy = sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  const during = await underLoad(deploy)
  await writeFile(server, good)
  const ran = await deploy
  expect(ran.code).toBe(6)
  expect(ran.json()).toMatchObject({ outcome: 'rolled-back', probe: { failed: 0 } })
  expect(during.failures).toEqual([])
  expect(during.asked).toBeGreaterThan(50)
  const status = await sandbox.lucree(['status', '--local', '--json'], { cwd })
  expect(status.json()).toMatchObject({ proven: true, instances: [{}, {}] })
})
