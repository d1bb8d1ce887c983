import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Told } from './exchange.ts'

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
  /** What nginx writes to its error log; undefined when it has nothing to complain of. */
  error: string | undefined
}

/** What the logs say of a request that has been answered, or whose client went away before. */
export function describeRequest(
  req: IncomingMessage,
  res: ServerResponse,
  told: Told,
): Omit<FrontRequest, 'target' | 'at' | 'durationMs' | 'clientAddress'> {
  return {
    method: req.method ?? '',
    path: req.url ?? '',
    httpVersion: req.httpVersion,
    // 499 is how nginx logs a client that went away before its answer.
    status: told.status ?? (res.headersSent ? res.statusCode : 499),
    bytes: told.bytes,
    referer: req.headers.referer ?? '-',
    userAgent: req.headers['user-agent'] ?? '-',
    error: told.error,
  }
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A line of nginx/access.log in the platform's format: the combined one, then X-Forwarded-For. */
export function accessLogLine(request: FrontRequest): string {
  const { clientAddress, at, method, path, httpVersion, status, bytes, referer, userAgent } = request
  const line = `${method} ${path} HTTP/${httpVersion}`
  return `${clientAddress} - - [${stamp(at)}] "${quoted(line)}" ${status} ${bytes} "${quoted(referer)}" "${quoted(userAgent)}" "${clientAddress}"`
}

/** As nginx does: what could end the quotes or the line is written in hexadecimal. */
function quoted(text: string): string {
  const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return text.replace(/["\\\u0000-\u001f\u007f]/g, hex)
}

function stamp(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
}
