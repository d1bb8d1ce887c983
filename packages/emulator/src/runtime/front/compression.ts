import type { IncomingMessage } from 'node:http'
import { createGzip, constants, type Gzip } from 'node:zlib'
import { valuesOf, type HeaderLines } from './raw-headers.ts'

/** The platform's `gzip_types`, and text/html, which nginx always has among them. */
const TYPES = new Set([
  'application/json',
  'application/x-javascript',
  'application/xml',
  'application/xml+rss',
  'text/css',
  'text/html',
  'text/javascript',
  'text/plain',
  'text/xml',
])
const STATUSES = [200, 403, 404]
/** Bytes, where the length is known: nginx's `gzip_min_length`. */
const SHORTEST = 20
/** The platform's `gzip_comp_level`. */
const LEVEL = 4

/** Whether nginx sends the application's answer compressed, by the platform's configuration. */
export function isCompressed(
  req: IncomingMessage,
  request: HeaderLines,
  status: number,
  answer: HeaderLines,
): boolean {
  const [type = ''] = valuesOf(answer, 'content-type')
  const [length] = valuesOf(answer, 'content-length')
  return (
    STATUSES.includes(status) &&
    valuesOf(answer, 'content-encoding').length === 0 &&
    (length === undefined || Number(length) >= SHORTEST) &&
    TYPES.has((type.split(';')[0] ?? '').toLowerCase()) &&
    req.httpVersion === '1.1' &&
    // A request that came through another proxy: `gzip_proxied` is off.
    valuesOf(request, 'via').length === 0 &&
    takesGzip(valuesOf(request, 'accept-encoding')[0] ?? '')
  )
}

/** By its name only, `*` doesn't count; a weight of 0 or one that isn't a weight says no. */
function takesGzip(accepted: string): boolean {
  const weight = /(?:^|[ ,])gzip *(?:;(?: *q=([^ ,]*))?|,|$)/i.exec(accepted)
  if (weight === null) return false
  return (
    weight[1] === undefined ||
    (/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight[1]) && Number(weight[1]) > 0)
  )
}

/** `unbuffered`: each piece is sent at once, since the application said `X-Accel-Buffering: no`. */
export function gzip(unbuffered: boolean): Gzip {
  return createGzip({ level: LEVEL, ...(unbuffered ? { flush: constants.Z_SYNC_FLUSH } : {}) })
}
