import { once } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'

/** Status codes of gRPC. */
export const OK = 0
export const INTERNAL = 13
export const UNIMPLEMENTED = 12

/** A flag of compression (never set here) and the length of the message, in big-endian. */
const PREFIX = 5

/** The messages of a call: each has a prefix of five bytes, and may be cut anywhere by the transport. */
export async function* messages(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (pending.length >= PREFIX) {
      const end = PREFIX + pending.readUInt32BE(1)
      if (pending.length < end) break
      yield pending.subarray(PREFIX, end)
      pending = pending.subarray(end)
    }
  }
}

/** Begins the answer to a call; {@link finish} ends it with a status. */
export function begin(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
}

/** Sends one message, and waits until there is room for the next. Throws when the other side has gone. */
export async function send(stream: ServerHttp2Stream, message: Uint8Array, gone: AbortSignal): Promise<void> {
  gone.throwIfAborted()
  const prefix = Buffer.alloc(PREFIX)
  prefix.writeUInt32BE(message.length, 1)
  if (!stream.write(Buffer.concat([prefix, message]))) await once(stream, 'drain', { signal: gone })
}

/** Ends the answer to a call, with a reason when it failed. A stream that is closed already needs nothing. */
export function finish(stream: ServerHttp2Stream, status: number, reason?: string): void {
  if (stream.closed || stream.destroyed) return
  const why = reason === undefined ? {} : { 'grpc-message': encodeURIComponent(reason) }
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status), ...why }))
  stream.end()
}
