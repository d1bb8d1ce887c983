import { Agent, createServer, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIP, type AddressInfo, type Socket } from 'node:net'
import { createProxyServer, type ProxyServer } from 'http-proxy-3'
import type { Clock } from '../clock.ts'
import { BAD_GATEWAY, NO_TARGET, sendPage, sendRawPage, type Page } from './front/pages.ts'
import { Rotation, type Target } from './front/rotation.ts'

export type { Target } from './front/rotation.ts'

/** One answered request, for access logs and health metrics. */
export interface FrontRequest {
  /** The target that answered; undefined when there was none. */
  target: string | undefined
  at: Date
  durationMs: number
  clientAddress: string
  method: string
  /** Path and query as the client sent them. */
  path: string
  httpVersion: string
  status: number
  /** Of the body. */
  bytes: number
  referer: string
  userAgent: string
}

export interface FrontOptions {
  clock: Clock
  /** 0 or none: a free one is chosen; hand it in again after a restart. */
  port?: number
  onRequest?: (request: FrontRequest) => void
}

export interface TargetStats {
  inFlight: number
  requests: number
  /** Answers by their first digit: `{ 2: 40, 5: 1 }`. */
  statuses: Record<number, number>
}

export interface Front {
  readonly port: number
  /** Replaces the list of healthy targets. Requests in flight are not touched. With `freshPercent` that share of requests goes to the fresh ones. */
  setTargets(targets: Target[], freshPercent?: number): void
  /** No new request goes to this target; resolves with how many were still in flight when they ended or time was up. */
  drain(id: string, timeoutMs: number): Promise<number>
  stats(): Record<string, TargetStats>
  close(): Promise<void>
}

/** What may be sent again to another target when nobody can have seen it. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
/** As the real load balancer's idle timeout is one minute, and nginx's keep-alive 75 s. */
const KEEP_ALIVE_MS = 75_000
const DRAIN_LOOK_MS = 10

/**
 * The load balancer and nginx of one environment: listens on 127.0.0.1 and forwards to healthy targets in turn.
 * Without a target it answers 503 as the load balancer does, and 502 as nginx does when the target doesn't answer.
 */
export async function createFront(options: FrontOptions): Promise<Front> {
  const front = new ProxyFront(options)
  await front.listen(options.port ?? 0)
  return front
}

interface Exchange {
  target: Target | undefined
  at: Date
  tried: Set<string>
  proxyRequest: ClientRequest | undefined
  /** Of the answer's body, so far. */
  bytes: number
}

class ProxyFront implements Front {
  readonly #clock: Clock
  readonly #onRequest: (request: FrontRequest) => void
  readonly #rotation = new Rotation()
  readonly #stats = new Map<string, TargetStats>()
  readonly #exchanges = new WeakMap<IncomingMessage, Exchange>()
  readonly #sockets = new Set<Socket>()
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 256 })
  readonly #proxy: ProxyServer = createProxyServer({})
  readonly #server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) => this.#answer(req, res))

  constructor({ clock, onRequest = () => undefined }: FrontOptions) {
    this.#clock = clock
    this.#onRequest = onRequest
    this.#proxy.on('proxyReq', (proxyRequest, req) => {
      const exchange = this.#exchanges.get(req)
      if (exchange) exchange.proxyRequest = proxyRequest
    })
    this.#proxy.on('proxyRes', (proxyResponse, req) => {
      // Between target and front only: the client's connection has its own life.
      delete proxyResponse.headers.connection
      const exchange = this.#exchanges.get(req)
      if (exchange) proxyResponse.on('data', (chunk: Buffer) => (exchange.bytes += chunk.length))
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('upgrade', (req, socket, head) => this.#upgrade(req, socket as Socket, head))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
        this.#server.removeListener('error', reject)
        resolve()
      })
    })
  }

  setTargets(targets: Target[], freshPercent?: number): void {
    this.#rotation.replace(targets, freshPercent)
  }

  async drain(id: string, timeoutMs: number): Promise<number> {
    this.#rotation.remove(id)
    const inFlight = () => this.#stats.get(id)?.inFlight ?? 0
    for (let waited = 0; inFlight() > 0 && waited < timeoutMs; waited += DRAIN_LOOK_MS) {
      await this.#clock.sleep(DRAIN_LOOK_MS)
    }
    return inFlight()
  }

  stats(): Record<string, TargetStats> {
    return structuredClone(Object.fromEntries(this.#stats))
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    this.#agent.destroy()
    await closed
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const exchange = this.#begin(req)
    res.once('close', () => this.#finished(req, res, exchange))
    forwardedHeaders(req, this.port)
    this.#forward(req, res, exchange)
  }

  #forward(req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    if (!this.#assign(exchange))
      return sendPage(req, res, exchange.tried.size === 0 ? NO_TARGET : BAD_GATEWAY)
    const { host, port } = exchange.target as Target
    // What can't be sent twice gets a connection of its own: one from the pool may be closed by the target at this very moment.
    const agent = IDEMPOTENT.has(req.method ?? '') ? this.#agent : false
    this.#proxy.web(
      req,
      res,
      { target: { protocol: 'http:', host, port: String(port) } as never, agent: agent as never },
      (error) => this.#failed(error, req, res, exchange),
    )
  }

  #failed(error: NodeJS.ErrnoException, req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    if (res.headersSent || res.destroyed) {
      res.destroy()
      return
    }
    if (this.#mayRetry(error, req, exchange)) {
      this.#release(exchange)
      this.#forward(req, res, exchange)
    } else sendPage(req, res, BAD_GATEWAY)
  }

  /** Nobody has seen the request: the connection was refused, or a pooled one was closed by the target before it was used. */
  #mayRetry(error: NodeJS.ErrnoException, req: IncomingMessage, exchange: Exchange): boolean {
    if (!IDEMPOTENT.has(req.method ?? '') || hasBody(req)) return false
    if (error.code === 'ECONNREFUSED') return true
    const stale =
      exchange.proxyRequest?.reusedSocket === true && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')
    // The same target may be asked again: it was the connection that was old.
    if (stale && exchange.target) exchange.tried.delete(exchange.target.id)
    return stale
  }

  #upgrade(req: IncomingMessage, socket: Socket, head: Buffer): void {
    const exchange = this.#begin(req)
    const refuse = (page: Page) => sendRawPage(socket, page)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#release(exchange))
    if (!this.#assign(exchange)) return refuse(NO_TARGET)
    forwardedHeaders(req, this.port)
    const { host, port } = exchange.target as Target
    this.#proxy.ws(
      req,
      socket,
      head,
      { target: { protocol: 'http:', host, port: String(port) } as never },
      () => refuse(BAD_GATEWAY),
    )
  }

  #begin(req: IncomingMessage): Exchange {
    const exchange: Exchange = {
      target: undefined,
      at: this.#clock.now(),
      tried: new Set(),
      proxyRequest: undefined,
      bytes: 0,
    }
    this.#exchanges.set(req, exchange)
    return exchange
  }

  #assign(exchange: Exchange): boolean {
    const target = this.#rotation.next(exchange.tried)
    exchange.target = target
    if (!target) return false
    exchange.tried.add(target.id)
    this.#statsOf(target.id).inFlight++
    return true
  }

  #release(exchange: Exchange): void {
    if (exchange.target) this.#statsOf(exchange.target.id).inFlight--
    exchange.target = undefined
  }

  #finished(req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    const target = exchange.target?.id
    if (target !== undefined) {
      const stats = this.#statsOf(target)
      const digit = Math.floor(res.statusCode / 100)
      stats.requests++
      stats.statuses[digit] = (stats.statuses[digit] ?? 0) + 1
    }
    this.#release(exchange)
    this.#onRequest({
      target,
      ...describe(req, res),
      bytes: exchange.bytes,
      at: exchange.at,
      durationMs: this.#clock.now().getTime() - exchange.at.getTime(),
    })
  }

  #statsOf(id: string): TargetStats {
    const stats = this.#stats.get(id) ?? { inFlight: 0, requests: 0, statuses: {} }
    this.#stats.set(id, stats)
    return stats
  }
}

type Described = Omit<FrontRequest, 'target' | 'at' | 'durationMs' | 'bytes'>

function describe(req: IncomingMessage, res: ServerResponse): Described {
  return {
    clientAddress: clientOf(req),
    method: req.method ?? '',
    path: req.url ?? '',
    httpVersion: req.httpVersion,
    // 499 is how nginx logs a client that went away before its answer.
    status: res.headersSent ? res.statusCode : 499,
    referer: req.headers.referer ?? '-',
    userAgent: req.headers['user-agent'] ?? '-',
  }
}

const clientOf = (req: IncomingMessage): string => (req.socket.remoteAddress ?? '-').replace(/^::ffff:/, '')

const hasBody = (req: IncomingMessage): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0

/** As the load balancer and the platform's nginx set them; an X-Forwarded-For of the client's own is kept in front. */
function forwardedHeaders(req: IncomingMessage, port: number): void {
  const client = clientOf(req)
  const before = req.headers['x-forwarded-for']
  req.headers['x-forwarded-for'] = before === undefined ? client : `${String(before)}, ${client}`
  req.headers['x-forwarded-proto'] = 'http'
  req.headers['x-forwarded-port'] = String(port)
  req.headers['x-real-ip'] = isIP(client) === 0 ? '127.0.0.1' : client
}
