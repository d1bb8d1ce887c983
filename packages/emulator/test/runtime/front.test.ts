import { createServer, request, Agent, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import {
  createFront,
  PLATFORM_PROXY,
  type Front,
  type FrontRequest,
  type Target,
} from '../../src/runtime/front.ts'

import { steppedClock } from './front/stepped-clock.ts'

type Handler = Parameters<typeof createServer>[1]

async function target(id: string, handler: Handler): Promise<Target & { server: Server }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    id,
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    proxy: PLATFORM_PROXY,
    server,
  }
}

const named = (id: string) => target(id, (_req, res) => res.end(id))

async function frontOf(targets: Target[], onRequest?: (request: FrontRequest) => void): Promise<Front> {
  const front = await createFront({ clock: systemClock, ...(onRequest ? { onRequest } : {}) })
  onTestFinished(() => front.close())
  front.setTargets(targets)
  return front
}

const ask = (front: Front, path = '/', init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${front.port}${path}`, init)

/** A port that refuses connections. */
async function deadTarget(id: string): Promise<Target> {
  const { server, ...gone } = await named(id)
  await new Promise((resolve) => server.close(resolve))
  return gone
}

test('requests go to the targets in turn', async () => {
  const front = await frontOf([await named('a'), await named('b')])
  const answers = []
  for (let i = 0; i < 4; i++) answers.push(await (await ask(front)).text())
  expect(answers.sort()).toEqual(['a', 'a', 'b', 'b'])
})

test('without a target the load balancer answers 503', async () => {
  const answer = await ask(await frontOf([]))
  expect(answer.status).toBe(503)
  expect(answer.headers.get('server')).toBe('awselb/2.0')
  expect(await answer.text()).toContain('<h1>503 Service Temporarily Unavailable</h1>')
})

test('a target that refuses the connection is answered for by nginx with 502', async () => {
  const answer = await ask(await frontOf([await deadTarget('a')]), '/', { method: 'POST', body: 'x' })
  expect(answer.status).toBe(502)
  expect(await answer.text()).toContain('<hr><center>nginx</center>')
})

test('what one instance refuses is not asked of another: every second answer is 502', async () => {
  const seen: FrontRequest[] = []
  const front = await frontOf([await deadTarget('dead'), await named('b')], (request) => seen.push(request))
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await ask(front)).status)
  expect(statuses.sort()).toEqual([200, 200, 502, 502])
  await expect.poll(() => seen.filter(({ status }) => status === 502)).toHaveLength(2)
  expect(seen.find(({ status }) => status === 502)).toMatchObject({
    target: 'dead',
    error: 'connect() failed (111: Connection refused) while connecting to upstream',
  })
})

const echo = () => target('a', (req, res) => res.end(JSON.stringify(req.headers)))

test('the application sees the host that was asked for and who asked, and no protocol when nothing stands before nginx', async () => {
  const front = await frontOf([await echo()])
  const answer = await ask(front, '/', { headers: { 'x-forwarded-for': '203.0.113.9' } })
  const headers = (await answer.json()) as Record<string, string>
  expect(headers).toMatchObject({
    host: '127.0.0.1',
    'x-forwarded-for': '203.0.113.9, 127.0.0.1',
    'x-real-ip': '127.0.0.1',
  })
  expect(Object.keys(headers).filter((name) => /proto|port/.test(name))).toEqual([])
})

test('behind a load balancer the application sees both ways and the protocol, whatever the client claims', async () => {
  const front = await createFront({ clock: systemClock, balanced: () => true })
  onTestFinished(() => front.close())
  front.setTargets([await echo()])
  const claims = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  expect(await (await ask(front, '/', { headers: claims })).json()).toMatchObject({
    'x-forwarded-for': '203.0.113.9, 127.0.0.1, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(front.port),
  })
})

test('a client that closes its connection after one request takes none from the pool with it', async () => {
  const front = await frontOf([await named('a')])
  for (let i = 0; i < 6; i++) {
    const agent = new Agent({ keepAlive: i % 2 === 0 })
    expect(await send(front.port, agent, 'GET')).toBe('200 a')
    agent.destroy()
  }
})

test('an answer that the application breaks off closes the connection at once and is in flight no more', async () => {
  const app = await target('a', (req, res) => {
    res.write('part')
    setImmediate(() => req.socket.destroy())
  })
  const seen: FrontRequest[] = []
  const front = await frontOf([app], (request) => seen.push(request))
  await expect(send(front.port, new Agent(), 'GET')).rejects.toThrow('aborted')
  await expect.poll(() => front.stats().a?.inFlight).toBe(0)
  expect(seen[0]).toMatchObject({
    bytes: 4,
    error: 'upstream prematurely closed connection while reading upstream',
  })
})

test('an answer that doesn’t come within a minute is 504, and one that stops for a minute is cut', async () => {
  const clock = steppedClock()
  const asked: string[] = []
  const app = await target('a', (req, res) => {
    asked.push(req.url ?? '')
    if (req.url === '/half') res.write('half')
  })
  const seen: FrontRequest[] = []
  const front = await createFront({ clock, onRequest: (request) => seen.push(request) })
  onTestFinished(() => front.close())
  front.setTargets([app])
  const silent = ask(front, '/silent')
  await expect.poll(() => asked).toHaveLength(1)
  clock.pass(59_999)
  const half = await ask(front, '/half')
  clock.pass(1)
  expect((await silent).status).toBe(504)
  expect(seen[0]?.error).toContain('upstream timed out (110: Connection timed out)')
  clock.pass(60_000)
  await expect(half.text()).rejects.toThrow('terminated')
  await expect.poll(() => front.stats().a?.inFlight).toBe(0)
})

test('the limits of a bundle hold: a longer wait, a shorter one, a larger body', async () => {
  const clock = steppedClock()
  let asked = 0
  const app = await target('a', (req, res) => {
    asked++
    if (req.method === 'POST') req.resume().on('end', () => res.end('took it'))
  })
  const front = await createFront({ clock })
  onTestFinished(() => front.close())
  front.setTargets([{ ...app, proxy: { ...PLATFORM_PROXY, readTimeoutMs: 5_000, maxBodyBytes: 3_000_000 } }])
  const upload = (bytes: number) => ask(front, '/', { method: 'POST', body: Buffer.alloc(bytes) })
  expect(await (await upload(3_000_000)).text()).toBe('took it')
  expect((await upload(3_000_001)).status).toBe(413)
  expect(asked).toBe(1)
  const silent = ask(front)
  await expect.poll(() => asked).toBe(2)
  clock.pass(5_000)
  expect((await silent).status).toBe(504)
})

test('an upload that breaks off never reaches the application', async () => {
  let asked = 0
  const app = await target('a', () => asked++)
  const seen: FrontRequest[] = []
  const front = await frontOf([app], (request) => seen.push(request))
  const socket = connect(front.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf')
  await expect.poll(() => front.stats().a?.inFlight).toBe(1)
  socket.destroy()
  await expect.poll(() => front.stats().a?.inFlight).toBe(0)
  expect([asked, seen[0]?.status]).toEqual([0, 499])
})

test('a wish for HTTP/2 is a plain request, also on a connection that goes on, and with a body', async () => {
  const app = await target('a', (req, res) => {
    req.resume().on('end', () => res.end(`${req.method} ${req.headers.upgrade}`))
  })
  const front = await frontOf([app])
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const wish = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AA' }
  expect(await send(front.port, agent, 'GET', wish)).toBe('200 GET h2c')
  expect(await send(front.port, agent, 'GET')).toBe('200 GET undefined')
  expect(await send(front.port, agent, 'POST', { ...wish, 'content-length': '4' })).toBe('200 POST h2c')
})

test('a kept connection that the application closed is replaced, and a drained application has none left', async () => {
  const app = await named('a')
  const front = await frontOf([app])
  expect(await (await ask(front)).text()).toBe('a')
  app.server.closeIdleConnections()
  expect(await (await ask(front)).text()).toBe('a')
  const open = () =>
    new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)))
  expect(await open()).toBe(1)
  await front.drain('a', 1_000)
  await expect.poll(open).toBe(0)
})

test('each request is told with its target, status and size', async () => {
  const seen: FrontRequest[] = []
  const app = await target('i-1', (_req, res) => res.writeHead(404).end('nothing here'))
  const front = await frontOf([app], (request) => seen.push(request))
  await (await ask(front, '/a?b=1')).text()
  await expect.poll(() => seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ target: 'i-1', method: 'GET', path: '/a?b=1', status: 404, bytes: 12 })
  expect(front.stats()).toEqual({ 'i-1': { inFlight: 0, requests: 1, statuses: { 4: 1 } } })
})

test('drain waits for requests in flight and lets no new one in', async () => {
  let finish = () => undefined as unknown
  const slow = await target('slow', (_req, res) => {
    finish = () => res.end('slow')
  })
  const front = await frontOf([slow])
  const answer = ask(front)
  await expect.poll(() => front.stats().slow?.inFlight).toBe(1)
  expect(await front.drain('slow', 50)).toBe(1)
  expect((await ask(front)).status).toBe(503)
  const drained = front.drain('slow', 5_000)
  finish()
  expect(await drained).toBe(0)
  expect(await (await answer).text()).toBe('slow')
})

test('a WebSocket goes through, and an upgrade without a target is answered 503', async () => {
  const app = await named('a')
  app.server.on('upgrade', (_req, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    socket.on('data', (data: Buffer) => socket.write(data))
    socket.on('end', () => socket.end())
    socket.on('error', () => socket.destroy())
  })
  const front = await frontOf([app])
  const { socket } = await upgrade(front)
  const echoed = new Promise((resolve) => socket.once('data', (data: Buffer) => resolve(String(data))))
  socket.write('ping')
  expect(await echoed).toBe('ping')
  socket.destroy()
  await expect.poll(() => front.stats().a?.inFlight).toBe(0)
  expect(front.stats().a?.statuses).toEqual({ 1: 1 })
  front.setTargets([])
  await expect(upgrade(front)).rejects.toThrow('503')
})

function upgrade(front: Front): Promise<{ socket: import('node:net').Socket }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: front.port,
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    })
    outgoing.on('upgrade', (_res, socket) => resolve({ socket }))
    outgoing.on('response', (res) => reject(new Error(String(res.statusCode))))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

test('the port is given back after a restart, and a port in use is an error', async () => {
  const front = await createFront({ clock: systemClock })
  const { port } = front
  await expect(createFront({ clock: systemClock, port })).rejects.toThrow('EADDRINUSE')
  await front.close()
  const again = await createFront({ clock: systemClock, port })
  expect(again.port).toBe(port)
  await again.close()
})

test('2,000 requests lose none while targets are exchanged and stopped under them', async () => {
  const live = new Map<string, Target & { server: Server }>()
  let count = 0
  const begin = async () => {
    const id = `i-${++count}`
    const delay = count % 3
    live.set(
      id,
      await target(id, (req, res) => {
        req.resume()
        req.on('end', () => void systemClock.sleep(delay).then(() => res.end(id)))
      }),
    )
    return id
  }
  await begin()
  await begin()
  const front = await frontOf([...live.values()])
  const agent = new Agent({ keepAlive: true, maxSockets: 24 })
  onTestFinished(() => agent.destroy())
  const failures: string[] = []
  let left = 2_000
  const client = async () => {
    while (left-- > 0) {
      const method = left % 4 === 0 ? 'POST' : 'GET'
      const answer = await send(front.port, agent, method).catch((error: unknown) => String(error))
      if (!/^200 i-\d+$/.test(answer)) failures.push(`${method} ${answer}`)
    }
  }
  let exchanges = 0
  const exchange = async () => {
    while (left > 0) {
      const [oldest] = live.keys()
      await begin()
      front.setTargets([...live.values()])
      const gone = live.get(oldest ?? '')
      live.delete(oldest ?? '')
      front.setTargets([...live.values()])
      expect(await front.drain(oldest ?? '', 5_000)).toBe(0)
      gone?.server.close()
      gone?.server.closeAllConnections()
      exchanges++
      await systemClock.sleep(15)
    }
  }
  await Promise.all([exchange(), ...Array.from({ length: 24 }, client)])
  expect(failures).toEqual([])
  expect(exchanges).toBeGreaterThan(5)
})

function send(
  port: number,
  agent: Agent,
  method: string,
  headers: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, agent, method, headers }, (res: IncomingMessage) => {
      text(res).then((body) => resolve(`${res.statusCode} ${body}`), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(method === 'POST' ? 'body' : undefined)
  })
}

test('a client that goes away in the middle does no harm', async () => {
  const seen: FrontRequest[] = []
  const front = await frontOf([await target('a', () => undefined)], (request) => seen.push(request))
  const socket = connect(front.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await expect.poll(() => front.stats().a?.inFlight).toBe(1)
  socket.destroy()
  await expect.poll(() => front.stats().a?.inFlight).toBe(0)
  expect(seen[0]?.status).toBe(499)
})
