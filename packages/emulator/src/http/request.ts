import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Clock } from '../clock.ts'

/** A request as it came in, with its target taken apart but nothing decoded in the path. */
export interface HttpRequest {
  method: string
  /** As sent, percent encoding and all; starts with a slash. */
  path: string
  /** Decoded. A name may come more than once. */
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** The `Host` header: name and port as the client addressed us. */
  host: string
  /** How far the service's clock is ahead of this machine's, ms; undefined: they agree. */
  skewMs?: number
  /** Left early, it isn't destroyed: the client still gets to read why. */
  body: AsyncIterable<Uint8Array>
}

/** What the service that a request is for takes the time to be. */
export const serviceTime = ({ skewMs = 0 }: HttpRequest, clock: Clock): Date =>
  new Date(clock.now().getTime() + skewMs)

/** One header's value; several of the same name joined as HTTP says. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Takes a request of node:http apart. */
export function readRequest(message: IncomingMessage): HttpRequest {
  const target = message.url ?? '/'
  // an absolute-form target (a proxy's way of asking) is read like any other
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target)?.[0] ?? ''
  const [path = '', ...rest] = target.slice(origin.length).split('?')
  return {
    method: message.method ?? 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    query: new URLSearchParams(rest.join('?')),
    headers: message.headers,
    host: message.headers.host ?? '',
    body: message.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
  }
}

/** A body was longer than the place it was meant for. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** Reads a small body whole. Throws {@link BodyTooLarge} past `limit` bytes. */
export async function readBody(body: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > limit) throw new BodyTooLarge(`the request's body is longer than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Tells whether an error means that the client went away while it was sending. */
export const isGone = (cause: unknown): boolean => {
  const { code } = cause as NodeJS.ErrnoException
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}
