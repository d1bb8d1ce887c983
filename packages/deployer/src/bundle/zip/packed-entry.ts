import { createHash, hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { SourceFile } from '../source-file.ts'
import { deflateBlock, deflateWhole } from './deflate.ts'
import { ahead } from './ahead.ts'
import { openSource } from './read-file.ts'

/** Longer files are read and packed in blocks of this many bytes, so that memory stays bounded. */
const BLOCK = 1024 * 1024
/** Blocks of one file that are packed at the same time. */
const BLOCKS_AHEAD = 8

/** What is known of a content once all of it has been read. */
export interface Measured {
  crc: number
  bytes: number
  packedBytes: number
  /** SHA-256 of the content in hexadecimal. */
  sha256: string
}

/** An entry ready for the archive: whole, or as a stream that gives its measures at the end. */
export type PackedEntry = { source: SourceFile; deflated: boolean } & (
  | { kind: 'whole'; data: Buffer; measured: Measured }
  | { kind: 'stream'; blocks: AsyncGenerator<Buffer, Measured> }
)

/** Reads a file of the source and packs it. */
export async function packEntry(source: SourceFile): Promise<PackedEntry> {
  if (source.kind === 'directory') return packWhole(source, Buffer.alloc(0), undefined)
  if (source.target !== undefined) return packWhole(source, Buffer.from(source.target), undefined)
  if (source.bytes > BLOCK) return { kind: 'stream', source, deflated: true, blocks: packBlocks(source) }
  const content = readWhole(source)
  return packWhole(source, content, content.length > 0 ? await deflateWhole(content) : undefined)
}

function packWhole(source: SourceFile, content: Buffer, packed: Buffer | undefined): PackedEntry {
  const data = packed ?? content
  const measured = {
    crc: crc32(content),
    bytes: content.length,
    packedBytes: data.length,
    sha256: hash('sha256', content, 'hex'),
  }
  return { kind: 'whole', source, deflated: packed !== undefined, data, measured }
}

function readWhole(source: SourceFile): Buffer {
  const open = openSource(source)
  try {
    open.verify()
    const content = open.read(source.bytes)
    open.verify()
    return content
  } finally {
    open.close()
  }
}

async function* packBlocks(source: SourceFile): AsyncGenerator<Buffer, Measured> {
  const open = openSource(source)
  const sha = createHash('sha256')
  const measured = { crc: 0, bytes: 0, packedBytes: 0, sha256: '' }
  function* read() {
    open.verify()
    let previous: Buffer | undefined
    while (measured.bytes < source.bytes) {
      const block = open.read(BLOCK)
      sha.update(block)
      measured.crc = crc32(block, measured.crc)
      measured.bytes += block.length
      yield { block, previous, last: measured.bytes === source.bytes }
      previous = block
    }
    open.verify()
  }
  try {
    const packing = ahead(read(), BLOCKS_AHEAD, ({ block, previous, last }) =>
      deflateBlock(block, previous, last),
    )
    for await (const packed of packing) {
      measured.packedBytes += packed.length
      yield packed
    }
  } finally {
    open.close()
  }
  return { ...measured, sha256: sha.digest('hex') }
}
