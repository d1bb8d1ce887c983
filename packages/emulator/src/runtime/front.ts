import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { describeRequest, type FrontRequest } from './front/access-log.ts'
import { carryOut, type Told } from './front/exchange.ts'
import { BAD_REQUEST, NO_TARGET, sendPage, sendRawPage } from './front/pages.ts'
import { Rotation, type Target } from './front/rotation.ts'
import { Statistics, type TargetStats } from './front/statistics.ts'
import { plainHead, responseOn } from './front/tunnel.ts'

export type { FrontRequest } from './front/access-log.ts'
export { PLATFORM_PROXY, type ProxySettings } from './front/proxy-settings.ts'
export type { Target } from './front/rotation.ts'

export interface FrontOptions {
  clock: Clock
  /** 0 or none: a free one is chosen; hand it in again after a restart. */
  port?: number
  /** Whether a load balancer stands before the nginx of each instance. Default: there is only the nginx. */
  balanced?: () => boolean
  onRequest?: (request: FrontRequest) => void
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

/** nginx's `keepalive_timeout` and `keepalive_requests`. */
const KEEP_ALIVE_MS = 75_000
const KEEP_ALIVE_REQUESTS = 1_000
/** The platform's `keepalive` of the upstream. */
const KEPT_CONNECTIONS = 256
/** nginx's `client_header_timeout`. */
const HEADER_TIMEOUT_MS = 60_000
/** More than nginx takes of a request's head, so that it is refused as nginx refuses it. */
const HEAD_BYTES = 131_072
const DRAIN_LOOK_MS = 10

/**
 * The load balancer and nginx of one environment: listens on 127.0.0.1 and forwards to healthy targets in turn, by the rules of nginx 1.22.1
 * with the platform's configuration. Without a target it answers 503 as the load balancer does. What fails on one target is never
 * tried on another.
 */
export async function createFront(options: FrontOptions): Promise<Front> {
  const front = new ProxyFront(options)
  await front.listen(options.port ?? 0)
  return front
}

/** The client's connection and what came after the request that asked for another protocol. */
type Upgraded = { socket: Socket; first: Buffer }

class ProxyFront implements Front {
  readonly #clock: Clock
  readonly #balanced: () => boolean
  readonly #onRequest: (request: FrontRequest) => void
  readonly #rotation = new Rotation()
  readonly #statistics = new Statistics()
  readonly #sockets = new Set<Socket>()
  readonly #asked = new WeakMap<Socket, number>()
  /** What connections wished to become that go on as they are. */
  readonly #refusedUpgrades = new WeakMap<Socket, string>()
  readonly #agents = new Map<string, Agent>()
  readonly #server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADER_TIMEOUT_MS,
      requestTimeout: 0,
      maxHeaderSize: HEAD_BYTES,
      requireHostHeader: false,
    },
    (req, res) => this.#answer(req, res),
  )

  constructor({ clock, balanced = () => false, onRequest = () => undefined }: FrontOptions) {
    this.#clock = clock
    this.#balanced = balanced
    this.#onRequest = onRequest
    const server = this.#server
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    const answer = (req: IncomingMessage, res: ServerResponse) => this.#answer(req, res)
    server.on('checkContinue', answer)
    server.on('checkExpectation', answer)
    server.on('upgrade', (req, socket, head) => this.#upgrade(req, socket as Socket, head))
    server.on('connect', (_req, socket) => sendRawPage(socket as Socket, BAD_REQUEST))
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      // What comes after the last request of a connection is nobody's; a request that didn't come in time gets no answer.
      if (error.code === 'HPE_CLOSED_CONNECTION') return
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.destroy()
      else sendRawPage(socket as Socket, BAD_REQUEST)
    })
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
    const inFlight = () => this.#statistics.inFlight(id)
    for (let waited = 0; inFlight() > 0 && waited < timeoutMs; waited += DRAIN_LOOK_MS) {
      await this.#clock.sleep(DRAIN_LOOK_MS)
    }
    // As nginx drops its kept connections when it is given another upstream: the application has nothing to wait for when it stops.
    for (const idle of Object.values(this.#agents.get(id)?.freeSockets ?? {}).flat()) idle?.destroy()
    this.#agents.delete(id)
    return inFlight()
  }

  stats(): Record<string, TargetStats> {
    return this.#statistics.all()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    for (const agent of this.#agents.values()) agent.destroy()
    await closed
  }

  #answer(req: IncomingMessage, res: ServerResponse, client?: Upgraded): void {
    const at = this.#clock.now()
    const told: Told = { bytes: 0, status: undefined, error: undefined }
    const address = (req.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
    const target = this.#rotation.next()
    if (target) this.#statistics.begin(target.id)
    res.once('close', () => {
      const request = { clientAddress: address, ...describeRequest(req, res, told) }
      if (target) this.#statistics.end(target.id, request.status)
      const durationMs = this.#clock.now().getTime() - at.getTime()
      this.#onRequest({ target: target?.id, ...request, at, durationMs })
    })
    if (this.#countOn(req.socket) >= KEEP_ALIVE_REQUESTS) res.shouldKeepAlive = false
    const upgrade = this.#refusedUpgrades.get(req.socket)
    this.#refusedUpgrades.delete(req.socket)
    if (!target) return sendPage(req, res, NO_TARGET, this.#clock)
    const caller = { address, balancerPort: this.#balanced() ? this.port : undefined }
    const agent = this.#agentOf(target)
    // What nobody foresaw ends this connection, not the server.
    carryOut({ clock: this.#clock, req, res, caller, target, agent, upgrade, client, told }).catch(() =>
      res.destroy(),
    )
  }

  /** Another protocol than WebSocket is nothing that a client insists on: its request goes on as a plain one. */
  #upgrade(req: IncomingMessage, socket: Socket, first: Buffer): void {
    socket.on('error', () => socket.destroy())
    const wish = req.headers.upgrade ?? ''
    if (wish.toLowerCase() === 'websocket')
      return this.#answer(req, responseOn(req, socket), { socket, first })
    this.#refusedUpgrades.set(socket, wish)
    socket.unshift(Buffer.concat([Buffer.from(plainHead(req), 'latin1'), first]))
    this.#server.emit('connection', socket)
  }

  #countOn(socket: Socket): number {
    const count = (this.#asked.get(socket) ?? 0) + 1
    this.#asked.set(socket, count)
    return count
  }

  #agentOf({ id }: Target): Agent {
    const agent = this.#agents.get(id) ?? new Agent({ keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS })
    this.#agents.set(id, agent)
    return agent
  }
}
