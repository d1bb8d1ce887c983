import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Sent } from './request-cases.ts'

/** What a client got, less what differs from one second or version to the next. */
export interface RawAnswer {
  /** Status line and headers of each answer, and its body. */
  answers: { status: string; headers: string[]; body: string }[]
  /** Whether the connection was closed afterwards. */
  closed: boolean
}

/** Milliseconds without a byte after which nothing more is expected. */
const QUIET_MS = 400
const PAUSE_MS = 40

/** Sends bytes to a port of loopback and reads until it is closed or nothing more comes. */
export async function rawAnswer(port: number, sent: Sent): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const chunks: Buffer[] = []
  let closed = false
  let last = performance.now()
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    last = performance.now()
  })
  socket.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.once('end', () => (closed = true))
  for (const piece of typeof sent === 'string' ? [sent] : sent) {
    socket.write(piece, 'latin1')
    await wait(PAUSE_MS)
  }
  while (!closed && !socket.destroyed && performance.now() - last < QUIET_MS) await wait(PAUSE_MS)
  closed ||= socket.destroyed
  socket.destroy()
  await ended
  return { answers: answersIn(Buffer.concat(chunks)), closed }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function answersIn(bytes: Buffer): RawAnswer['answers'] {
  const answers: RawAnswer['answers'] = []
  let rest = bytes
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    const [status = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n')
    const headers = lines.map((text) =>
      text.replace(/^[^:]*/, (name) => name.toLowerCase()).replace(/^(server: nginx).*/, '$1'),
    )
    const { body, length } = bodyIn(rest.subarray(end + 4), status, headers)
    answers.push({ status, headers: headers.filter((header) => isComparable(header, body)).sort(), body })
    rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 4 + length)
  }
  return answers
}

/** A page of nginx has another length with another version. */
const isComparable = (header: string, body: string) =>
  !header.startsWith('date:') && !(header.startsWith('content-length:') && /nginx<|"method"/.test(body))

function bodyIn(rest: Buffer, status: string, headers: string[]): { body: string; length: number } {
  if (/ (100|204|304) /.test(status)) return { body: '', length: 0 }
  const declared = headers.find((header) => header.startsWith('content-length: '))?.slice(16)
  const next = rest.indexOf('HTTP/1.1 ')
  const length =
    declared === undefined || Number(declared) > rest.length
      ? next < 0
        ? rest.length
        : next
      : Number(declared)
  const sent = rest.subarray(0, length)
  const plain = headers.includes('transfer-encoding: chunked') ? unchunked(sent) : sent
  const body = headers.includes('content-encoding: gzip') && plain.length > 0 ? gunzipSync(plain) : plain
  return { body: body.toString('latin1').replace(/nginx\/[\d.]+/, 'nginx'), length }
}

/** A body that breaks off is told from a whole one. */
function unchunked(sent: Buffer): Buffer {
  const parts: Buffer[] = []
  let rest = sent
  for (;;) {
    const end = rest.indexOf('\r\n')
    const length = end < 0 ? NaN : parseInt(rest.subarray(0, end).toString('latin1'), 16)
    if (!(length > 0)) return Buffer.concat(length === 0 ? parts : [...parts, Buffer.from('<broken off>')])
    parts.push(rest.subarray(end + 2, end + 2 + length))
    rest = rest.subarray(end + 2 + length + 2)
  }
}
