import { promisify } from 'node:util'
import { constants, deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib'

const deflateOnPool = promisify(deflateRaw) as (source: Buffer, options: ZlibOptions) => Promise<Buffer>

/** Below this many bytes the trip to the thread pool takes longer than the work. */
const POOL_FROM = 16 * 1024
/** From this many bytes on, a sample is tried first. */
const SAMPLE_FROM = 128 * 1024
const SAMPLE = 32 * 1024
/** What a block may refer back to: deflate's window. */
const WINDOW = 32 * 1024

/** Deflates a whole content into one raw stream; undefined when it would not become smaller. */
export async function deflateWhole(content: Buffer): Promise<Buffer | undefined> {
  if (content.length >= SAMPLE_FROM && !(await compresses(content))) return undefined
  const options: ZlibOptions = {
    level: 6,
    // A window no larger than the content gives the same output and spares most of the set-up.
    windowBits: Math.max(9, Math.min(15, Math.ceil(Math.log2(content.length + 1)))),
    chunkSize: outputBound(content.length),
  }
  const packed =
    content.length < POOL_FROM ? deflateRawSync(content, options) : await deflateOnPool(content, options)
  return packed.length < content.length ? packed : undefined
}

/**
 * Deflates one block of a long content. Blocks end on a byte and refer to the one before through `previous`, so that they can be made
 * on every core at once and still be one raw stream when they are joined.
 */
export async function deflateBlock(
  block: Buffer,
  previous: Buffer | undefined,
  last: boolean,
): Promise<Buffer> {
  const dictionary = previous?.subarray(Math.max(0, previous.length - WINDOW))
  return await deflateOnPool(block, {
    level: (await compresses(block)) ? 6 : 0,
    chunkSize: outputBound(block.length),
    finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(dictionary && { dictionary }),
  })
}

/** Whether the middle of a content gives at least 3 % when it is compressed quickly. */
async function compresses(content: Buffer): Promise<boolean> {
  const start = Math.max(0, (content.length - SAMPLE) >> 1)
  const sample = content.subarray(start, start + SAMPLE)
  const packed = await deflateOnPool(sample, { level: 1, chunkSize: outputBound(sample.length) })
  return packed.length < sample.length * 0.97
}

/** Room for any output in one piece: each further piece would cost a trip to the thread pool. */
function outputBound(bytes: number): number {
  return bytes + (bytes >> 8) + 1024
}
