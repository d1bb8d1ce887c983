import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Bytes that lie on disk under a name of their own and belong to nothing yet. */
export interface Written {
  /** Name in the directory that was given. */
  file: string
  bytes: number
}

/** Streams a body into a new file (0600) of `dir`. When the body fails, nothing stays behind. */
export async function writeBytes(
  dir: string,
  body: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Written> {
  const file = randomUUID()
  const path = join(dir, file)
  const sink = createWriteStream(path, { mode: 0o600, flags: 'wx', highWaterMark: 1024 * 1024 })
  try {
    await pipeline(body, sink, signal ? { signal } : {})
  } catch (cause) {
    await rm(path, { force: true })
    throw cause
  }
  return { file, bytes: sink.bytesWritten }
}

/** The same, with the MD5 (in hex) that an object's ETag is made of. */
export async function writeData(
  dir: string,
  body: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Written & { md5: string }> {
  const md5 = createHash('md5')
  async function* digested() {
    for await (const chunk of body) {
      md5.update(chunk)
      yield chunk
    }
  }
  const written = await writeBytes(dir, digested(), signal)
  return { ...written, md5: md5.digest('hex') }
}
