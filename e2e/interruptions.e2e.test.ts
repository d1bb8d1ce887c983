import { createServer } from 'node:net'
import { once } from 'node:events'
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { arm, clearFaults } from './armed-faults.ts'
import { deployHeldAt } from './held-process.ts'
import { applicationsBelow } from './processes.ts'
import { ask, finished, Sandbox } from './sandbox.ts'

/** A lease that nobody has renewed for so long is anybody's, ms. */
const LOCK_LIVES_MS = 30_000

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await Sandbox.open()
})
afterEach(() => sandbox.close())

test('kill -9 of the embedded Beanstalk in the middle of a deploy ends it with 5; the same deploy then succeeds and nothing of the first is left', async () => {
  const cwd = await slowApp()
  const child = sandbox.start(['deploy', '--local', '--json'], { cwd })
  const ended = finished(child)
  await instanceIsBuilding()
  const { pid } = await sandbox.server()
  process.kill(pid, 'SIGKILL')
  const ran = await ended
  expect(ran.code).toBe(5)
  expect(ran.json()).toMatchObject({ error: { code: 'LUC-LOCAL-GONE', exitCode: 5 } })
  expect(ran.json<{ error: { next: string[] } }>().error.next[0]).toContain('lucree deploy --local')

  const again = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  const { url, outcome } = again.json<{ url: string; outcome: string }>()
  expect(outcome).toMatch(/deployed|unchanged/)
  expect((await ask(url)).status).toBe(200)
  expect(await applicationsBelow(sandbox.state)).toHaveLength(1)
  await sandbox.lucree(['destroy', '--local', '--yes'], { cwd })
  expect(await applicationsBelow(sandbox.state)).toEqual([])
})

test.each(['runs', 'was killed'])(
  'local reset ends the applications, also when the server %s',
  async (state) => {
    const cwd = await sandbox.app('no-expose')
    expect((await sandbox.lucree(['deploy', '--local', '--json'], { cwd })).code).toBe(0)
    if (state === 'was killed') process.kill((await sandbox.server()).pid, 'SIGKILL')
    expect(await applicationsBelow(sandbox.state)).toHaveLength(1)
    const reset = await sandbox.lucree(['local', 'reset', '--yes'])
    const said = `Removed ${sandbox.state} and all that ran in it\n`
    expect(reset).toMatchObject({ code: 0, stdout: said, stderr: '' })
    expect(await applicationsBelow(sandbox.state)).toEqual([])
  },
)

/** An application whose build takes long enough to be killed in its middle, and nothing from a registry. */
async function slowApp(): Promise<string> {
  const app = await sandbox.app('no-expose')
  const dockerfile = await readFile(join(app, 'Dockerfile'), 'utf8')
  const slow = `RUN node -e "setTimeout(() => {}, 3000)"\nUSER node`
  await writeFile(join(app, 'Dockerfile'), dockerfile.replace('USER node', slow))
  return app
}

/** Waits until an instance is building, so that the deploy is in the middle. */
async function instanceIsBuilding(): Promise<void> {
  const instances = join(sandbox.state, 'elasticbeanstalk/instances')
  for (let look = 0; look < 300; look += 1) {
    const [id = 'none'] = await readdir(instances)
    const log = await readFile(join(instances, id, 'var/log/eb-engine.log'), 'utf8').catch(() => '')
    if (log.includes('RUN node')) return
    await delay(50)
  }
  throw new Error('no instance began to build')
}

test.each(['Bundle', 'Observe', 'Upload', 'Version', 'Create environment', 'Follow', 'Prove'])(
  'Ctrl-C at the stage “%s” ends with 130 and says what goes on; the same deploy then succeeds',
  async (stage) => {
    const cwd = await sandbox.app('no-expose')
    const held = await deployHeldAt(sandbox, cwd, { kind: 'stage-started', stage }, (deploy) => {
      deploy.kill('SIGINT')
    })
    expect(held.code, held.heard).toBe(130)
    expect(held.last).toMatchObject({ error: { exitCode: 130, next: expect.anything() } })
    expect(await readdir(join(sandbox.dir, 'tmp'))).toEqual([])
    const again = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
    expect(again.code).toBe(0)
  },
)

/** Starts a deploy and resolves when Beanstalk is in the middle of it, with all that standard error says. */
async function deployInTheMiddle(cwd: string, words: string[] = []) {
  const child = sandbox.start(['deploy', '--local', ...words], { cwd })
  let heard = ''
  child.stderr?.on('data', (chunk: Buffer) => (heard += chunk.toString()))
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  for (let look = 0; look < 400 && !/Deploying new version|Waiting for EC2/.test(heard); look += 1) {
    await delay(50)
  }
  return { child, ended, heard: () => heard }
}

test('a network that is away for longer than the lock lives ends no deploy that nobody else has taken over', async () => {
  const cwd = await sandbox.app('no-expose')
  let back: Promise<void> | undefined
  const moment = { kind: 'stage-started', stage: 'Follow' } as const
  const held = await deployHeldAt(sandbox, cwd, moment, async () => {
    await arm(sandbox.state, 'dropped-connection', { times: 'forever' })
    back = delay(LOCK_LIVES_MS + 10_000).then(() => clearFaults(sandbox.state))
  })
  await back
  expect(held.code, held.heard).toBe(0)
  expect(held.heard).toContain('another command may take it')
  expect(held.last).toMatchObject({ outcome: 'deployed', release: 1 })
  expect((await sandbox.lucree(['deploy', '--local', '--json'], { cwd })).json()).toMatchObject({
    outcome: 'unchanged',
  })
})

test('Ctrl-C in the middle of an update has Beanstalk abort it: what was before serves, the lock is free, and the next deploy succeeds', async () => {
  const cwd = await slowApp()
  const first = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  const { version, url } = first.json<{ version: string; url: string }>()
  await appendFile(join(cwd, 'server.js'), '// changed\n')
  const { child, ended, heard } = await deployInTheMiddle(cwd)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(heard()).toContain('Asking Beanstalk to abort the update')
  expect(heard()).toMatch(/asked to abort the change; \S+ is Ready and has version/)
  expect(heard()).toContain('Next: lucree status --local')
  const status = await sandbox.lucree(['status', '--local', '--json'], { cwd })
  expect(status.json()).toMatchObject({ status: 'Ready', version })
  expect((await ask(url)).status).toBe(200)
  const again = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  expect(again.json()).toMatchObject({ outcome: 'deployed' })
})

test('Ctrl-C twice in the middle of an update leaves at once and says how to look again', async () => {
  const cwd = await slowApp()
  await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  await appendFile(join(cwd, 'server.js'), '// changed\n')
  const { child, ended, heard } = await deployInTheMiddle(cwd)
  child.kill('SIGINT')
  while (!heard().includes('Stopping')) await delay(10)
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
  expect(heard()).toMatch(/Left at once: what was begun goes on\. Look again: lucree status --local\n$/)
})

test('Ctrl-C while an environment is being made says that Beanstalk goes on and how to give it up', async () => {
  const cwd = await slowApp()
  const { child, ended, heard } = await deployInTheMiddle(cwd)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(heard()).toMatch(/while \S+ was being made: Beanstalk goes on making it, which can not be aborted/)
  expect(heard()).toContain('lucree destroy --local   # gives it up')
  const again = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  expect(again.code).toBe(0)
})

test('with --json --follow every line is a document, and the last one is the result, on failure too', async () => {
  const cwd = await slowApp()
  const ran = await sandbox.lucree(['deploy', '--local', '--json', '--follow'], { cwd })
  const lines = ran.stdout.trimEnd().split('\n')
  const documents = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const kinds = new Set(documents.slice(0, -1).map(({ kind }) => kind))
  expect([...kinds]).toEqual(
    expect.arrayContaining(['stage-started', 'stage-done', 'plan', 'environment-event', 'waiting']),
  )
  expect(documents.at(-1)).toMatchObject({ outcome: 'deployed' })
  expect([ran.code, documents.at(-1)?.['kind']]).toEqual([0, undefined])

  const refused = await sandbox.lucree(['deploy', '--local', '--version', 'v0', '--json', '--follow'], {
    cwd,
  })
  const last = JSON.parse(refused.stdout.trimEnd().split('\n').at(-1) ?? '') as {
    error: { exitCode: number }
  }
  expect(last.error.exitCode).toBe(refused.code)
})

test('a port that is in use is refused by its number', async () => {
  await sandbox.lucree(['local', 'stop'])
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const { port } = busy.address() as { port: number }
  const ran = await sandbox.lucree(['local', 'start', '--port', String(port), '--json'])
  busy.close()
  expect(ran.code).toBe(5)
  expect(ran.json<{ error: { cause: string } }>().error.cause).toContain(String(port))
})
