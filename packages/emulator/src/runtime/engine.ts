import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import type { Duplex, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import type { Clock } from '../clock.ts'

/** Where an engine listens. */
export type EngineAddress = { socketPath: string } | { host: string; port: number }

/** No engine answers where one was looked for. */
export class NoEngine extends Error {
  override readonly name = 'NoEngine'
  constructor(asked: EngineAddress[]) {
    super(
      `no container engine answers. Asked: ${asked.map(addressText).join(', ')}. Start Docker or Podman, or use --runtime process.`,
    )
  }
}

/** The value of DOCKER_HOST names no engine that could be used. */
export class BadDockerHost extends Error {
  override readonly name = 'BadDockerHost'
  constructor(value: string, why: string) {
    super(`DOCKER_HOST is "${value}"${why}.`)
  }
}

/** An answer of the engine that isn't a success. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const addressText = (address: EngineAddress): string =>
  'socketPath' in address ? address.socketPath : `tcp://${address.host}:${address.port}`

/** Reads the value of DOCKER_HOST. Throws {@link BadDockerHost} for what would leave this machine: a build context isn't sent elsewhere. */
export function parseDockerHost(value: string): EngineAddress {
  const socketPath = /^(?:unix:\/\/)?(\/.+)$/.exec(value)?.[1]
  if (socketPath !== undefined) return { socketPath }
  const tcp = /^(?:tcp|http):\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d{1,5})\/?$/.exec(value)
  if (tcp) return { host: (tcp[1] ?? '').replace(/[[\]]/g, ''), port: Number(tcp[2]) }
  throw new BadDockerHost(
    value,
    ', but only an engine of this machine can be used: unix:///path/to/docker.sock or tcp://127.0.0.1:PORT',
  )
}

export interface EngineRequest {
  query?: Record<string, string | undefined>
  /** Sent as JSON. */
  body?: unknown
  /** Sent as a tar archive. */
  tar?: Readable
  signal?: AbortSignal
}

const problemSchema = z.object({ message: z.string() })

/**
 * A small client of the API that Docker and Podman speak. dockerode would bring native modules of ssh2 and grpc into every
 * installation, for the sake of remote hosts that are of no use here; a session of BuildKit takes Node's own HTTP/2.
 */
export class Engine {
  readonly #address: EngineAddress
  readonly #clock: Clock
  #version: Promise<string> | undefined

  constructor(address: EngineAddress, clock: Clock) {
    this.#address = address
    this.#clock = clock
  }

  get address(): string {
    return addressText(this.#address)
  }

  /** Whether an engine answers within `ms` milliseconds. */
  async answers(ms: number): Promise<boolean> {
    const done = new AbortController()
    const late = this.#clock.sleep(ms, done.signal).then(
      () => false,
      () => false,
    )
    const asked = this.#send('GET', '/_ping', { signal: done.signal }).then(
      async (response) => {
        await text(response)
        return response.statusCode === 200
      },
      () => false, // nothing there, not allowed, or not an engine: the answer is no in all cases
    )
    const answer = await Promise.race([asked, late])
    done.abort()
    return answer
  }

  /** One call; resolves with the answer's body still to be read. Throws {@link EngineError} when the engine refuses. */
  async call(method: string, path: string, options: EngineRequest = {}): Promise<IncomingMessage> {
    const response = await this.#send(method, await this.#versioned(path), options)
    const status = response.statusCode ?? 0
    if (status < 400) return response
    throw new EngineError(status, messageIn(await text(response)))
  }

  /**
   * Turns a connection over to another protocol, in which the engine is then the client. Undefined when the engine answers instead, because it has
   * nothing of that kind.
   */
  async upgrade(
    path: string,
    protocol: string,
    headers: Record<string, string | string[]>,
    signal: AbortSignal,
  ): Promise<Duplex | undefined> {
    const options: RequestOptions = {
      ...this.#address,
      method: 'POST',
      path: await this.#versioned(path),
      agent: false,
      headers: { ...headers, host: 'docker', connection: 'Upgrade', upgrade: protocol },
      signal,
    }
    return new Promise((resolve, reject) => {
      request(options, (response) => {
        response.resume()
        resolve(undefined)
      })
        .once('upgrade', (_, socket, head) => {
          if (head.length > 0) socket.unshift(head)
          resolve(socket)
        })
        .once('error', reject)
        .end()
    })
  }

  /** One call whose answer is a JSON document of the given shape. */
  async json<T>(schema: z.ZodType<T>, method: string, path: string, options: EngineRequest = {}): Promise<T> {
    return schema.parse(JSON.parse(await text(await this.call(method, path, options))))
  }

  /** One call whose answer doesn't matter. `tolerate` are status codes that say that it was done before. */
  async done(
    method: string,
    path: string,
    options: EngineRequest = {},
    tolerate: number[] = [],
  ): Promise<void> {
    try {
      await text(await this.call(method, path, options))
    } catch (error) {
      if (error instanceof EngineError && tolerate.includes(error.status)) return
      throw error
    }
  }

  /** A path of the engine's own version of the API, which is asked once, and again when that failed. */
  async #versioned(path: string): Promise<string> {
    this.#version ??= this.#apiVersion().catch((error: unknown) => {
      this.#version = undefined
      throw error
    })
    return `/v${await this.#version}${path}`
  }

  /** Each engine supports its own version, and drops old ones in time. */
  async #apiVersion(): Promise<string> {
    const response = await this.#send('GET', '/_ping', {})
    await text(response)
    return String(response.headers['api-version'] ?? '1.41')
  }

  async #send(
    method: string,
    path: string,
    { query = {}, body, tar, signal }: EngineRequest,
  ): Promise<IncomingMessage> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const search = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''
    const json = body === undefined ? undefined : JSON.stringify(body)
    const options: RequestOptions = {
      ...this.#address,
      method,
      path: path + search,
      agent: false,
      headers: { host: 'docker', ...contentHeaders(json, tar) },
      ...(signal ? { signal } : {}),
    }
    return new Promise((resolve, reject) => {
      const outgoing = request(options, resolve).once('error', reject)
      if (tar) pipeline(tar, outgoing).catch(reject)
      else outgoing.end(json)
    })
  }
}

function contentHeaders(
  json: string | undefined,
  tar: Readable | undefined,
): Record<string, string | number> {
  if (tar) return { 'content-type': 'application/x-tar' }
  if (json === undefined) return { 'content-length': 0 }
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }
}

function messageIn(answer: string): string {
  try {
    return problemSchema.parse(JSON.parse(answer)).message
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return answer.trim()
    throw error
  }
}
