/** The parts of archiver's zip writer (compress-commons) that {@link PackedZipArchive} changes; package.json pins archiver for their sake. */
export interface ZipWriter extends NodeJS.EventEmitter {
  /** Bytes written so far. */
  offset: number
  _appendBuffer: (header: ZipHeader, source: Buffer, done: (error?: unknown) => void) => void
  _writeLocalFileHeader(header: ZipHeader): void
  _afterAppend(header: ZipHeader): void
  write: (chunk: Buffer | string) => boolean
  end: () => void
}

/** One entry's header (compress-commons' ZipArchiveEntry). */
export interface ZipHeader {
  name: string
  setName(name: string): void
  setMethod(method: number): void
  setUnixMode(mode: number): void
  setVersionNeededToExtract(version: number): void
  setCrc(crc: number): void
  setSize(bytes: number): void
  setCompressedSize(bytes: number): void
  getGeneralPurposeBit(): { useDataDescriptor(on: boolean): void }
}

/** Bytes that are gathered before the stream gets them. */
const GATHER = 256 * 1024

/** Makes the writer's many small writes, some twenty an entry, few large ones: a stream takes those much faster. */
export function gatherWrites(writer: ZipWriter): void {
  const write = writer.write.bind(writer)
  const end = writer.end.bind(writer)
  let pieces: Buffer[] = []
  let bytes = 0
  const flush = () => {
    const gathered = Buffer.concat(pieces)
    pieces = []
    bytes = 0
    // write() counts what it writes, and these bytes have been counted already.
    writer.offset -= gathered.length
    return write(gathered)
  }
  writer.write = (chunk) => {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    pieces.push(piece)
    bytes += piece.length
    writer.offset += piece.length
    return bytes < GATHER || flush()
  }
  writer.end = () => {
    flush()
    end()
  }
}
