/**
 * The payloads of an attached container's stream: each frame has a header of eight bytes (stream, three zeros, length in big-endian)
 * before its bytes. Frames may be cut anywhere by the transport.
 */
export async function* payloads(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (pending.length >= 8) {
      const end = 8 + pending.readUInt32BE(4)
      if (pending.length < end) break
      yield pending.subarray(8, end)
      pending = pending.subarray(end)
    }
  }
}
