import { afterAll, beforeAll, expect, test } from 'vitest'
import { applicationsBelow } from './processes.ts'
import { ask, repository, Sandbox } from './sandbox.ts'

/** The embedded Beanstalk with a real engine: it builds the real Dockerfile and runs what comes of it. */
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await Sandbox.open('docker')
})
afterAll(() => sandbox.close())

const token = 'a,b=c "d" $e \\ ü'
/** The client that reaches the engine. */
const docker = (...words: string[]) => sandbox.program(process.env['LUCREE_ENGINE_CLIENT'] ?? 'docker', words)

test('the API is built and run by the engine, with its token byte for byte; the token is changed and the old container goes', async () => {
  const words = ['deploy', '--local', '--runtime', 'docker', '--json']
  const ran = await sandbox.lucree(words, { cwd: repository, env: { LUCREE_PASSWD: token } })
  expect(ran.stderr).toBe('')
  const { outcome, url } = ran.json<{ outcome: string; url: string }>()
  expect(outcome).toBe('deployed')
  expect(await ask(url, token)).toEqual({ status: 200, body: 'devops test server flying!!' })
  expect((await ask(url)).status).toBe(401)

  const set = await sandbox.lucree(['env', 'set', 'LUCREE_PASSWD', '--local'], {
    cwd: repository,
    input: 'second-token',
  })
  expect(set.code).toBe(0)
  expect((await ask(url, 'second-token')).status).toBe(200)
  expect((await ask(url, token)).status).toBe(401)
  expect(await containers()).toHaveLength(1)
})

test('a Dockerrun that only names an image runs that image', async () => {
  const built = await docker(
    'build',
    '-q',
    '-t',
    'lucree-e2e/published-image:1',
    '--network',
    'host',
    await sandbox.app('published-image'),
  )
  expect(built.code).toBe(0)
  const cwd = await sandbox.app('image-only')
  const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  const { outcome, url } = ran.json<{ outcome: string; url: string }>()
  expect(outcome).toBe('deployed')
  expect((await ask(url)).status).toBe(200)
})

test('a failed build shows the engine’s own words', async () => {
  const cwd = await sandbox.app('build-fails')
  const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  expect(ran.code).toBe(7)
  const { error } = ran.json<{ error: { code: string; evidence: string[] } }>()
  expect(error.code).toBe('LUC-DEPLOY-BUILD-FAILED')
  expect(error.evidence.join('\n')).toMatch(
    /did not complete successfully|executor failed running|building at STEP/,
  )
})

test('an environment that ran as a process does so again after a kill, and as a container once that is asked for: never both', async () => {
  const other = await Sandbox.open('process')
  try {
    const cwd = await other.app('no-expose')
    const kill = async () => process.kill((await other.server()).pid, 'SIGKILL')
    expect((await other.lucree(['deploy', '--local', '--json'], { cwd })).code).toBe(0)
    await kill()
    const again = await other.lucree(['deploy', '--local', '--json'], { cwd })
    expect(await applicationsBelow(other.state)).toHaveLength(1)
    await kill()
    expect((await other.lucree(['local', 'start', '--runtime', 'docker'])).code).toBe(0)
    expect(await applicationsBelow(other.state)).toEqual([])
    const { url } = again.json<{ url: string }>()
    await expect.poll(async () => (await ask(url)).status, { timeout: 60_000 }).toBe(200)
    expect(await applicationsBelow(other.state)).toEqual([])
  } finally {
    await other.close()
  }
})

test('destroy leaves no container, and stop and reset no image', async () => {
  for (const cwd of [repository, await sandbox.app('image-only'), await sandbox.app('build-fails')]) {
    const gone = await sandbox.lucree(['destroy', '--local', '--yes', '--json'], { cwd })
    expect(gone.json()).toMatchObject({ left: [] })
  }
  expect(await containers()).toEqual([])
  expect(await images()).toEqual([])

  const cwd = await sandbox.app('no-expose')
  const { url } = (await sandbox.lucree(['deploy', '--local', '--json'], { cwd })).json<{ url: string }>()
  expect(await images()).toHaveLength(1)
  await sandbox.lucree(['local', 'stop'])
  expect([...(await containers()), ...(await images())]).toEqual([])
  await sandbox.lucree(['local', 'start', '--runtime', 'docker'])
  await expect.poll(async () => (await ask(url)).status, { timeout: 60_000 }).toBe(200)
  process.kill((await sandbox.server()).pid, 'SIGKILL')
  expect((await sandbox.lucree(['local', 'reset', '--yes'])).code).toBe(0)
  expect([...(await containers()), ...(await images())]).toEqual([])
})

/** Names of the containers of Beanstalk environments that the engine has. */
async function containers(): Promise<string[]> {
  const { stdout } = await docker('ps', '--all', '--filter', 'name=eb-e-', '--format', '{{.Names}}')
  return stdout.split('\n').filter(Boolean)
}

/** Ids of the images with a label of an embedded Beanstalk's. */
async function images(): Promise<string[]> {
  const { stdout } = await docker('images', '--all', '--quiet', '--filter', 'label=lucree.state')
  return stdout.split('\n').filter(Boolean)
}
