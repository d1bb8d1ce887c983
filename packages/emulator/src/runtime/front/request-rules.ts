import type { IncomingMessage } from 'node:http'
import {
  BAD_REQUEST,
  HEADER_TOO_LARGE,
  NOT_ALLOWED,
  URI_TOO_LARGE,
  VERSION_NOT_SUPPORTED,
  type Page,
} from './pages.ts'
import { lineBytes, valuesOf, type HeaderLines } from './raw-headers.ts'

/** What is asked for, as nginx reads it. */
export interface Asked {
  /** nginx's `$host`: lower case, without a port; empty when a client of HTTP/1.0 names none. */
  host: string
  /** Path and query as they were sent. */
  path: string
}

/** Bytes of `client_header_buffer_size` and of each of the `large_client_header_buffers`, and how many of those there are. */
const FIRST_BUFFER = 1_024
const LARGE_BUFFER = 8_192
const LARGE_BUFFERS = 4
/** Headers of which nginx takes no second line. */
const UNIQUE = [
  'authorization',
  'content-range',
  'expect',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
]

/** Reads a request as nginx 1.22.1 does, by its defaults; what it refuses comes back as the page that it answers. */
export function readRequest(req: IncomingMessage, lines: HeaderLines): Asked | Page {
  const tooLarge = tooLargeHead(req, lines)
  if (tooLarge !== undefined) return tooLarge
  if (req.httpVersionMajor > 1) return VERSION_NOT_SUPPORTED
  const { authority, path } = splitTarget(req.url ?? '')
  if (!isPath(path)) return BAD_REQUEST
  const host = hostOf(req, lines, authority)
  if (host === undefined || UNIQUE.some((name) => valuesOf(lines, name).length > 1)) return BAD_REQUEST
  return req.method === 'TRACE' ? NOT_ALLOWED : { host, path }
}

/** A line never spans two buffers: one that doesn't fit in what is left of a buffer begins the next. */
function tooLargeHead(
  { method = '', url = '', httpVersion }: IncomingMessage,
  lines: HeaderLines,
): Page | undefined {
  const requestLine = `${method} ${url} HTTP/${httpVersion}\r\n`.length
  let left = FIRST_BUFFER
  let buffers = 0
  const fits = (bytes: number) => {
    if (bytes > left) {
      buffers++
      left = LARGE_BUFFER
    }
    left -= bytes
    return left >= 0 && buffers <= LARGE_BUFFERS
  }
  if (!fits(requestLine)) return URI_TOO_LARGE
  return lines.every((line) => fits(lineBytes(line))) ? undefined : HEADER_TOO_LARGE
}

/** `http://host/path` is asked of proxies, and taken by every server. */
function splitTarget(url: string): { authority: string | undefined; path: string } {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(url)
  if (absolute === null) return { authority: undefined, path: url }
  const rest = absolute[2] ?? ''
  return { authority: absolute[1], path: rest.startsWith('/') ? rest : `/${rest}` }
}

/** Undefined when nginx refuses it. */
function hostOf(req: IncomingMessage, lines: HeaderLines, authority: string | undefined): string | undefined {
  const named = valuesOf(lines, 'host')
  if (named.length > 1 || (named.length === 0 && req.httpVersion === '1.1')) return undefined
  const [sent] = named
  const hosts = [authority, sent].filter((host) => host !== undefined).map(hostname)
  return hosts.includes(undefined) ? undefined : (hosts[0] ?? '')
}

function hostname(host: string): string | undefined {
  const name = /^(\[[^\]]*\]|[^:]*)/.exec(host)?.[1]?.toLowerCase().replace(/\.$/, '') ?? ''
  // eslint-disable-next-line no-control-regex -- control characters are among what no host may hold
  return name === '' || /[\u0000-\u0020\u007f/]|\.\./.test(name) ? undefined : name
}

/** Absolute, its escapes are escapes, none of them ends a string of C, and it doesn't leave the root. */
function isPath(target: string): boolean {
  const path = /^[^?#]*/.exec(target)?.[0] ?? ''
  if (!path.startsWith('/') || /%(?![0-9a-f]{2})|%00/i.test(path)) return false
  let depth = 0
  for (const segment of unescaped(path).slice(1).split('/')) {
    if (segment === '..') depth--
    else if (segment !== '' && segment !== '.') depth++
    if (depth < 0) return false
  }
  return true
}

const unescaped = (path: string) =>
  path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
