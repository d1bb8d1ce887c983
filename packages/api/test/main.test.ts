import { createServer, connect, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPort, withToken } from './support/api.ts'
import { ApiProcess, buildApi } from './support/process.ts'

const TOKEN = 'segredo-muito-bem-guardado'
const PREVIOUS = 'antigo-e-tambem-guardado'

describe('the compiled application as a process', () => {
  let built: Awaited<ReturnType<typeof buildApi>>
  const started: ApiProcess[] = []
  const start = (env: Record<string, string> = { LUCREE_PASSWD: TOKEN }, script?: string) => {
    const api = new ApiProcess(built.dir, env, script)
    started.push(api)
    return api
  }
  beforeAll(async () => {
    built = await buildApi()
  }, 40_000)
  afterAll(async () => {
    await Promise.all(started.map((api) => api.exit(0)))
    await built.remove()
  })

  it.each([{}, { LUCREE_PASSWD: '' }])(
    'ends with 78 and one sentence on stderr when its environment is %j',
    async (env) => {
      const api = start(env as Record<string, string>)
      expect(await api.exit()).toEqual({ code: 78, signal: null })
      expect(api.stderr).toMatch(/^LUCREE_PASSWD is missing or empty[^.\n]+\.\n$/)
      expect(api.stdout).toBe('')
    },
  )

  it('ends with 1 and the reason when its port is taken', async () => {
    const other: Server = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const api = start({ LUCREE_PASSWD: TOKEN, PORT: String(port) })
    expect(await api.exit()).toEqual({ code: 1, signal: null })
    expect(api.stderr + api.stdout).toContain('EADDRINUSE')
    other.close()
  })

  it('writes neither a token nor a guess, wherever the caller put it, and says when one was presented', async () => {
    const api = start({ LUCREE_PASSWD: TOKEN, LUCREE_PASSWD_PREVIOUS: PREVIOUS })
    const port = await api.port()
    const secrets = [TOKEN, PREVIOUS, 'palpite-quase-certo']
    for (const secret of secrets) {
      await askPort(port, '/', withToken(secret))
      await askPort(port, '/', {
        headers: { authorization: secret, 'proxy-authorization': secret, cookie: secret, 'x-token': secret },
      })
      await askPort(port, `/?token=${secret}`)
      await askPort(port, `/${secret}`)
      await askPort(port, `/%/${secret}`)
      await askPort(port, '/', { method: 'POST', body: secret })
      await rawAnswer(port, `GET / HTTP/1.1\r\nAuthorization Token ${secret}\r\n\r\n`)
      await rawAnswer(port, `GET /${secret} HTTP/9\r\n\r\n`)
    }
    await askPort(port, '/')
    await api.until(
      () => api.lines.filter((line) => line.msg === 'answered').length >= 5 * secrets.length + 1,
      'it logged the answers',
    )
    api.signal('SIGTERM')
    expect(await api.exit()).toEqual({ code: 0, signal: null })
    for (const secret of secrets) expect(api.stdout + api.stderr).not.toContain(secret)
    expect(api.stderr).toBe('')
    const answered = api.lines.filter((line) => line.msg === 'answered')
    expect(answered[0]).toMatchObject({
      level: 30,
      req: { method: 'GET', route: '/', address: '127.0.0.1', authorization: '[redacted]' },
      status: 200,
    })
    expect(answered.at(-1)?.req).not.toHaveProperty('authorization')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s finishes the request that runs, accepts no other, and ends with 0',
    async (signal) => {
      const api = start()
      const port = await api.port()
      const running = await connected(port)
      const idle = await connected(port)
      idle.write(`GET /health HTTP/1.1\r\nHost: x\r\n\r\n`)
      await once(idle, 'data')
      const idleClosed = once(idle, 'close', { signal: AbortSignal.timeout(10_000) })
      running.write(`GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Token ${TOKEN}\r\n`)
      // The server has these bytes once it has answered a request that was sent after them.
      await askPort(port, '/health')
      api.signal(signal)
      await api.until(() => api.stdout.includes('"stopping"'), 'it stops')
      await idleClosed
      await expect(askPort(port, '/health')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/)
      const answer = readAll(running)
      running.write('\r\n')
      expect(await answer).toMatch(
        /^HTTP\/1\.1 200 OK\r\n[^]*[Cc]onnection: close\r\n[^]*devops test server flying!!$/,
      )
      expect(await api.exit()).toEqual({ code: 0, signal: null })
      expect(api.lines.map((line) => line.msg)).toContain('stopped')
    },
  )

  it('on SIGTERM waits a few seconds, and no longer, for a caller that never finishes asking', async () => {
    const api = start()
    const stuck = await connected(await api.port())
    stuck.on('error', () => stuck.destroy())
    stuck.write('GET / HTTP/1.1\r\nHost: x\r\n')
    const silent = await connected(await api.port())
    silent.on('error', () => silent.destroy())
    const begun = performance.now()
    api.signal('SIGTERM')
    expect(await api.exit(10_000)).toEqual({ code: 0, signal: null })
    expect(performance.now() - begun).toBeLessThan(8_000)
    expect(api.lines.map((line) => line.msg)).toContain('connections that were still open are cut')
  })

  it('is healthy to the image’s health check while it answers, and not when nothing does', async () => {
    const api = start()
    const PORT = String(await api.port())
    expect(await start({ PORT }, 'healthcheck.js').exit()).toEqual({ code: 0, signal: null })
    api.signal('SIGTERM')
    await api.exit()
    const check = start({ PORT }, 'healthcheck.js')
    expect(await check.exit()).toEqual({ code: 1, signal: null })
    expect(check.stderr).toContain('ECONNREFUSED')
  })
})

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  return text
}

/** What a server says to bytes that aren't quite HTTP. */
async function rawAnswer(port: number, bytes: string): Promise<string> {
  const socket = await connected(port)
  socket.write(bytes)
  return readAll(socket)
}
