import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { engine, eventually, healthOf, logs, run } from './container-engine.ts'

const home = resolve(import.meta.dirname, '..')
const image = `lucree-api-test:${process.pid}`
const token = 'a,b=c "d" $e \\ ü'
const context = mkdtempSync(join(tmpdir(), 'lucree-api-image-'))
const containers: string[] = []

/** Starts the image as a careful operator would; answers the container's id. */
async function start(...more: string[]): Promise<string> {
  const careful = [
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--publish=127.0.0.1::8080',
  ]
  const id = await run('run', '--detach', ...careful, ...more, image)
  containers.push(id)
  return id
}

async function addressOf(id: string): Promise<string> {
  const published = await run('port', id, '8080/tcp')
  return `http://${published.split('\n')[0]}`
}

const inspect = (id: string, path: string) => run('inspect', '--format', `{{${path}}}`, id)
const healthy = (id: string) => eventually(() => healthOf(id), 'healthy', 30_000)

beforeAll(async () => {
  for (const name of ['Dockerfile', '.dockerignore']) cpSync(join(home, name), join(context, name))
  execFileSync(process.execPath, [join(home, 'build.mjs'), join(context, 'dist')])
  const format = engine === 'podman' ? ['--format', 'docker'] : []
  await run('build', '--network=none', '--tag', image, ...format, context)
})

afterEach(async () => {
  const ids = containers.splice(0)
  if (ids.length > 0) await run('rm', '--force', ...ids)
})

afterAll(async () => {
  await run('rmi', '--force', image)
  rmSync(context, { recursive: true, force: true })
})

test('the image, built without a network, answers the token on a read-only file system without privileges', async () => {
  const id = await start('--env', `LUCREE_PASSWD=${token}`, '--health-interval=1s')
  await healthy(id)
  const url = await addressOf(id)

  const right = await fetch(url, {
    headers: { authorization: `Token ${Buffer.from(token).toString('latin1')}` },
  })
  expect([right.status, await right.text()]).toEqual([200, 'devops test server flying!!'])

  const wrong = await fetch(url, { headers: { authorization: 'Token wrong' } })
  expect([wrong.status, await wrong.text()]).toEqual([401, 'Unauthorized Access'])
  expect(wrong.headers.get('www-authenticate')).toBe('Token realm="Authentication Required"')
})

test('the application runs as the user node', async () => {
  const id = await start('--env', 'LUCREE_PASSWD=token', '--health-interval=1s')
  expect(await run('exec', id, 'node', '-p', 'process.getuid()')).toBe('1000')
  expect(await inspect(id, '.Config.User')).toBe('node')
})

test('SIGTERM ends it with 0', async () => {
  const id = await start('--env', 'LUCREE_PASSWD=token', '--health-interval=1s')
  await healthy(id)
  await run('stop', '--time=10', id)
  expect(await inspect(id, '.State.ExitCode')).toBe('0')
})

test('it refuses to start without a token, with exit code 78 and one sentence that names the variable', async () => {
  const id = await start()
  await eventually(() => inspect(id, '.State.Status'), 'exited', 20_000)
  expect(await inspect(id, '.State.ExitCode')).toBe('78')
  expect((await logs(id)).trimEnd()).toMatch(/^[^\n]*LUCREE_PASSWD[^\n]*$/)
})

test('its HEALTHCHECK turns unhealthy when the application no longer answers', async () => {
  const id = await start(
    '--env',
    'LUCREE_PASSWD=token',
    '--health-interval=1s',
    '--health-timeout=1s',
    '--health-retries=1',
  )
  await healthy(id)
  await run('kill', '--signal=STOP', id)
  await eventually(() => healthOf(id), 'unhealthy', 30_000)
  await run('kill', '--signal=CONT', id)
})

test('the image holds the compiled application and nothing of its sources', async () => {
  const files = await run('run', '--rm', '--network=none', '--entrypoint', 'ls', image, '-A')
  expect(files.split('\n')).toContain('main.js')
  expect(files).not.toMatch(/node_modules|src|Dockerfile/)
})
