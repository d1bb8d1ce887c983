import type { IncomingMessage } from 'node:http'
import { headerLines, lineBytes, valuesOf, type HeaderLines } from './raw-headers.ts'

/** Bytes of an answer's head that nginx has room for: its `proxy_buffer_size`. */
const HEAD_BYTES = 4_096
/** nginx says these itself, or they are between it and the application only. */
const OWN = new Set(['connection', 'date', 'keep-alive', 'server', 'transfer-encoding', 'x-pad'])

/** Whether nginx gives up on an answer because its head is too long. */
export function hasTooLongHead({
  httpVersion,
  statusCode,
  statusMessage,
  rawHeaders,
}: IncomingMessage): boolean {
  const statusLine = `HTTP/${httpVersion} ${statusCode} ${statusMessage}\r\n`.length
  return headerLines(rawHeaders).reduce((sum, line) => sum + lineBytes(line), statusLine + 2) > HEAD_BYTES
}

/** The headers of the answer that the client gets. The date is for Node's server to add. */
export function answerHeaders(
  answer: HeaderLines,
  { compressed, connection }: { compressed: boolean; connection: 'close' | 'keep-alive' | 'upgrade' },
): string[] {
  const passed = answer.filter(([name]) => isPassed(name.toLowerCase(), compressed))
  const lines = passed.map(([name, value]) =>
    compressed && name.toLowerCase() === 'etag' ? [name, weak(value)] : [name, value],
  )
  return [
    ...['Server', 'nginx'],
    ...lines.flat(),
    ...(compressed ? ['Content-Encoding', 'gzip'] : []),
    ...['Connection', connection],
  ]
}

function isPassed(name: string, compressed: boolean): boolean {
  if (OWN.has(name) || name.startsWith('x-accel-')) return false
  return !compressed || (name !== 'content-length' && name !== 'accept-ranges')
}

/** What is compressed isn't the same byte by byte. */
const weak = (tag: string) => (tag.startsWith('W/') ? tag : `W/${tag}`)

/** Whether the application wants its pieces sent at once. */
export function isUnbuffered(answer: HeaderLines): boolean {
  return valuesOf(answer, 'x-accel-buffering')[0]?.toLowerCase() === 'no'
}
