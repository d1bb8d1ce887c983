import { createHash } from 'node:crypto'
import { S3Error } from './errors.ts'

/** How the chunks of a body are proved; absent where they are unsigned. */
export interface ChunkSigner {
  /** Throws when the signature isn't the one of this chunk, in its place after the one before. */
  chunk(sha256: string, signature: string | undefined): Promise<void>
  trailers(sha256: string, signature: string | undefined): Promise<void>
}

/** Longer lines than any chunk header or trailer has. */
const LONGEST_LINE = 4096
/** Longer trailers than any client sends. */
const MOST_TRAILERS = 20

const broken = (what: string) =>
  new S3Error('IncompleteBody', `The request body is not aws-chunked: ${what}.`)

/** Reads bytes and lines from a stream of arbitrary pieces. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)
  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done) return false
    const piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, piece]) : piece
    return true
  }

  /** A line without its CRLF; `undefined` at the end of the stream. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n')
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end)
        this.#rest = this.#rest.subarray(end + 2)
        return line
      }
      if (this.#rest.length > LONGEST_LINE) throw broken('a line is too long')
      if (!(await this.#more())) {
        if (this.#rest.length) throw broken('it ends in the middle of a line')
        return undefined
      }
    }
  }

  /** Exactly `count` bytes, as they come in. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (!this.#rest.length && !(await this.#more())) throw broken('it ends in the middle of a chunk')
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      if (piece.length) yield piece
    }
  }

  async drain(): Promise<void> {
    while (await this.#more()) this.#rest = Buffer.alloc(0)
  }
}

/**
 * Takes S3's aws-chunked framing off a body: `<size in hex>[;chunk-signature=…]` CRLF, bytes, CRLF, …, a chunk of size 0, trailers.
 * `onTrailers` gets the trailers' names (lower case) and values after the last byte. Throws S3Error `IncompleteBody`.
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  onTrailers: (trailers: Map<string, string>) => void,
  signer?: ChunkSigner,
): AsyncGenerator<Buffer> {
  const pieces = new Pieces(body)
  for (;;) {
    const line = await pieces.line()
    const header = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line ?? '')
    if (!header) throw broken('a chunk header is missing')
    const size = Number.parseInt(header[1] as string, 16)
    const hash = signer && createHash('sha256')
    for await (const piece of pieces.bytes(size)) {
      hash?.update(piece)
      yield piece
    }
    if (signer && hash) await signer.chunk(hash.digest('hex'), header[2])
    if (size === 0) break
    if ((await pieces.line()) !== '') throw broken('a chunk is longer than it says')
  }
  onTrailers(await readTrailers(pieces, signer))
  await pieces.drain()
}

async function readTrailers(pieces: Pieces, signer?: ChunkSigner): Promise<Map<string, string>> {
  const trailers = new Map<string, string>()
  for (let count = 0; count < MOST_TRAILERS; count++) {
    // some clients end a trailer's line with LF where CRLF is due
    const line = (await pieces.line())?.trim()
    if (!line) break
    const at = line.indexOf(':')
    if (at < 1) throw broken('a trailer has no name')
    trailers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim())
  }
  const signature = trailers.get('x-amz-trailer-signature')
  trailers.delete('x-amz-trailer-signature')
  if (signer && (trailers.size || signature)) {
    const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('')
    await signer.trailers(createHash('sha256').update(canonical).digest('hex'), signature)
  }
  return trailers
}
