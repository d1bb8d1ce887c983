import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signerOf } from '../../src/http/signature.ts'
import { startEmulator, type Emulator } from '../../src/index.ts'
import { scratch } from '../support/local-account.ts'
import { started } from '../support/started.ts'

const tokenIn = async (dir: string) =>
  (JSON.parse(await readFile(join(dir, 'server.json'), 'utf8')) as { token: string }).token

/** A server, and how its faults are spoken to with its token. */
async function served() {
  const dir = await scratch()
  const emulator = await started({ dir })
  const token = await tokenIn(dir)
  const ask = async (method: string, body?: unknown, query = '', authorization = `Bearer ${token}`) => {
    const answer = await fetch(`${emulator.url}/_lucree/faults${query}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { dir, emulator, token, ask }
}

test('faults are listed, armed and cleared by whoever has the token', async () => {
  const { ask, emulator } = await served()
  const { body } = await ask('GET')
  expect(body).toEqual(emulator.control.faults.list())
  expect(body['faults']).toContainEqual({
    name: 'latency',
    does: expect.any(String),
    argument: 'milliseconds',
    lasting: true,
  })
  const armed = await ask('POST', { fault: 'throttle', times: 3, action: 'DescribeEvents' })
  expect(armed).toMatchObject({ status: 201, body: { armed: { fault: 'throttle', left: 3, happened: 0 } } })
  expect((await ask('GET')).body['armed']).toMatchObject([{ fault: 'throttle', action: 'DescribeEvents' }])
  await ask('POST', { fault: 'latency:5' })
  expect(await ask('DELETE', undefined, '?name=throttle')).toEqual({ status: 200, body: { cleared: 1 } })
  expect(await ask('DELETE')).toEqual({ status: 200, body: { cleared: 1 } })
  expect((await ask('GET')).body['armed']).toEqual([])
})

test('of one fault that several environments have, only the one of the named environment is cleared', async () => {
  const { ask } = await served()
  for (const environment of ['blue', 'green']) await ask('POST', { fault: 'command-timeout', environment })
  await ask('POST', { fault: 'disk-full', environment: 'blue' })
  const { body } = await ask('DELETE', undefined, '?name=command-timeout&environment=blue')
  expect(body).toEqual({ cleared: 1 })
  expect((await ask('GET')).body['armed']).toMatchObject([
    { fault: 'command-timeout', environment: 'green' },
    { fault: 'disk-full', environment: 'blue' },
  ])
  expect((await ask('DELETE', undefined, '?environment=blue')).body).toEqual({ cleared: 1 })
})

test.each(['', 'Bearer ', 'Bearer wrong', 'Basic bHVjcmVl'])(
  'with %j nobody is let in',
  async (authorization) => {
    const { ask, emulator } = await served()
    for (const method of ['GET', 'POST', 'DELETE']) {
      const body = method === 'POST' ? { fault: 'throttle' } : undefined
      const { status, body: answer } = await ask(method, body, '', authorization)
      expect(status).toBe(403)
      expect(answer).toMatchObject({ error: { code: 'AccessDenied' } })
    }
    expect(emulator.control.faults.list().armed).toEqual([])
  },
)

test('a signature of the account is no token, and neither is the token of the server before', async () => {
  const { ask, dir, emulator, token } = await served()
  const { hostname, port, host } = new URL(emulator.url)
  const signed = await signerOf(emulator.credentials, 'us-east-1', 'sts').sign({
    method: 'GET',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/_lucree/faults',
    headers: { host },
  })
  expect((await ask('GET', undefined, '', signed.headers['authorization'])).status).toBe(403)
  await emulator.close()
  const next: Emulator = await startEmulator({ dir, runtime: 'process' })
  const answer = await fetch(`${next.url}/_lucree/faults`, { headers: { authorization: `Bearer ${token}` } })
  await next.close()
  expect(answer.status).toBe(403)
})

test('the token stands in a file that only its owner reads', async () => {
  const { dir, token } = await served()
  expect(token).toMatch(/^[\w-]{43}$/)
  expect((await stat(join(dir, 'server.json'))).mode & 0o777).toBe(0o600)
})

test.each([
  [{ fault: 'throtle' }, 'UnknownFault', /There is no fault "throtle"\. The faults are: throttle, /],
  [{ fault: 'latency' }, 'InvalidFault', /latency needs its milliseconds: latency:500/],
  [
    { fault: 'latency:soon' },
    'InvalidFault',
    /latency takes whole milliseconds from 1 to 3600000, not "soon"/,
  ],
  [{ fault: 'throttle:5' }, 'InvalidFault', /throttle takes nothing behind a colon/],
  [{ fault: 'server-error:404' }, 'InvalidFault', /500 or 503/],
  [{ fault: 'kill:soon' }, 'InvalidFault', /kill takes one of request-accepted, /],
  [{ fault: 'kill:event-written' }, 'InvalidFault', /process of its own/],
  [{ fault: 'throttle', times: 0 }, 'InvalidFault', /times/],
  [{ fault: 'throttle', probability: 2 }, 'InvalidFault', /probability/],
  [{ fault: 'throttle', often: 2 }, 'InvalidFault', /often/],
  ['{', 'InvalidFault', /not JSON/],
  [{ fault: 'x'.repeat(20_000) }, 'InvalidFault', /too long/],
])('%j is refused', async (asked, code, message) => {
  const { ask, emulator } = await served()
  const { status, body } = await ask('POST', asked)
  expect(status).toBe(code === 'InvalidFault' && /long/.test(String(message)) ? 413 : 400)
  expect(body).toMatchObject({ error: { code, message: expect.stringMatching(message) } })
  expect(emulator.control.faults.list().armed).toEqual([])
})

test('another method, and clearing what is no fault, are refused', async () => {
  const { ask } = await served()
  expect((await ask('PUT')).status).toBe(405)
  expect(await ask('DELETE', undefined, '?name=throtle')).toMatchObject({
    status: 400,
    body: { error: { code: 'UnknownFault' } },
  })
})

test('what is armed is gone after a restart, unless it was armed to be kept; then it goes on from where it was', async () => {
  const dir = await scratch()
  const first = await startEmulator({ dir, runtime: 'process' })
  await first.control.faults.arm({ fault: 'throttle' })
  await first.control.faults.arm({ fault: 'server-error', times: 3, keep: true, environment: 'shop-env' })
  await first.close()
  const second = await startEmulator({ dir, runtime: 'process' })
  expect(second.control.faults.list().armed).toMatchObject([
    { fault: 'server-error', left: 3, environment: 'shop-env', keep: true },
  ])
  await second.control.faults.clear()
  await second.close()
  const third = await started({ dir })
  expect(third.control.faults.list().armed).toEqual([])
})
