import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inventoryOf } from './local-beanstalk.ts'
import { ask, repository, Sandbox } from './sandbox.ts'

interface Deployed {
  outcome: string
  url: string
  version: string
  environment: string
  steps: unknown[]
  bundle: { digest: string; files: number; bytes: number; uploadedBytes: number }
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await Sandbox.open()
})
afterAll(() => sandbox.close())

const token = 'first-token-of-the-test'
const deployApi = (cwd: string, ...words: string[]) =>
  sandbox.lucree(['deploy', '--local', '--json', ...words], { cwd, env: { LUCREE_PASSWD: token } })

/** The repository as a clone of it is, with the libraries that are installed here. */
async function checkout(): Promise<string> {
  const copy = await mkdtemp(join(sandbox.dir, 'checkout-'))
  execFileSync('git', ['clone', '-q', '--no-hardlinks', repository, copy])
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

test('the API goes from a directory to a URL that knows its token; another checkout of the same tree sends nothing', async () => {
  const one = await checkout()
  const first = await deployApi(one)
  expect(first.stderr).toBe('')
  expect(first.code).toBe(0)
  const deployed = first.json<Deployed>()
  expect(deployed).toMatchObject({ outcome: 'deployed', environment: 'lucree-api-production' })
  expect(deployed.bundle.uploadedBytes).toBe(deployed.bundle.bytes)

  expect(await ask(deployed.url, token)).toEqual({ status: 200, body: 'devops test server flying!!' })
  expect(await ask(deployed.url)).toEqual({ status: 401, body: 'Unauthorized Access' })
  expect((await ask(`${deployed.url}health`)).status).toBe(200)

  const other = await checkout()
  const second = (await deployApi(other)).json<Deployed>()
  expect(second).toMatchObject({
    outcome: 'unchanged',
    steps: [],
    url: deployed.url,
    version: deployed.version,
  })
  expect(second.bundle).toEqual({ ...deployed.bundle, uploadedBytes: 0 })
})

test('a plan names the steps and changes nothing', async () => {
  const before = await sandbox.lucree(['events', '--local', '--json'], { cwd: repository })
  const app = await sandbox.app('no-expose')
  const held = await inventoryOf(sandbox)
  const planned = await sandbox.lucree(['deploy', '--local', '--dry-run', '--json'], { cwd: app })
  expect(await inventoryOf(sandbox)).toEqual(held)
  expect(planned.json()).toMatchObject({ outcome: 'planned', application: 'no-expose' })
  expect(planned.json<Deployed>().steps.length).toBeGreaterThan(1)
  expect((await sandbox.lucree(['status', '--local', '--json'], { cwd: app })).code).toBe(2)
  expect((await sandbox.lucree(['events', '--local', '--json'], { cwd: repository })).stdout).toBe(
    before.stdout,
  )
})

test.each(['express-multi-stage', 'no-expose'])('%s runs as its author wrote it', async (name) => {
  const app = await sandbox.app(name)
  const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd: app })
  expect(ran.stderr).toBe('')
  const { outcome, url } = ran.json<Deployed>()
  expect(outcome).toBe('deployed')
  expect((await ask(url)).status).toBe(200)
})

test('status, events, health, logs and env list tell of the deploy, each as one JSON document', async () => {
  const look = async (...words: string[]) => {
    const ran = await sandbox.lucree([...words, '--local', '--json'], { cwd: repository })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    return ran.json()
  }
  expect(await look('status')).toMatchObject({
    application: 'lucree-api',
    status: 'Ready',
    proven: true,
    instances: [{ deployment: 'deployed' }],
  })
  expect(JSON.stringify(await look('events'))).toContain(
    'Successfully launched environment: lucree-api-production',
  )
  expect(await look('health')).toMatchObject({ health: 'Ok', color: 'Green' })
  expect(JSON.stringify(await look('logs'))).toContain('stdouterr.log')
  expect(await look('env', 'list')).toMatchObject({
    variables: [{ name: 'LUCREE_PASSWD', store: 'property', length: token.length, state: 'applied' }],
  })
})

test('an older version is deployed again by its label, without a bundle', async () => {
  const app = await sandbox.app('no-expose')
  const first = (await sandbox.lucree(['deploy', '--local', '--json'], { cwd: app })).json<Deployed>()
  await cp(join(repository, 'LICENSE'), join(app, 'LICENSE'))
  const second = (await sandbox.lucree(['deploy', '--local', '--json'], { cwd: app })).json<Deployed>()
  expect(second.version).not.toBe(first.version)
  const back = await sandbox.lucree(['deploy', '--local', '--json', '--version', first.version], { cwd: app })
  expect(back.json()).toMatchObject({ outcome: 'deployed', version: first.version })
  const unknown = await sandbox.lucree(['deploy', '--local', '--json', '--version', 'nonsense'], { cwd: app })
  expect(unknown.code).toBe(2)
  expect(unknown.json()).toMatchObject({ error: { code: 'LUC-VERSION-UNKNOWN' } })
})

test('destroy lists, removes and finds nothing left; again it has nothing to do', async () => {
  const words = (...more: string[]) => ['destroy', '--local', '--json', ...more]
  const unasked = await sandbox.lucree(words(), { cwd: repository })
  expect(unasked).toMatchObject({ code: 2 })
  const planned = (await sandbox.lucree(words('--dry-run'), { cwd: repository })).json<{
    wouldRemove: unknown[]
  }>()
  const gone = (await sandbox.lucree(words('--yes'), { cwd: repository })).json<{
    removed: unknown[]
    left: unknown[]
  }>()
  expect(gone).toMatchObject({ outcome: 'destroyed', left: [] })
  expect(gone.removed).toEqual(expect.arrayContaining(planned.wouldRemove))
  expect((await sandbox.lucree(words('--yes'), { cwd: repository })).json()).toMatchObject({
    outcome: 'unchanged',
    left: [],
  })
})
