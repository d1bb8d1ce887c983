import { once } from 'node:events'
import { ZipArchive } from 'archiver'
import type { Measured, PackedEntry } from './packed-entry.ts'
import { gatherWrites, type ZipHeader, type ZipWriter } from './zip-writer.ts'

/** Where DOS time begins; archiver reads it in UTC, so that a time zone changes nothing. */
const FIXED_DATE = new Date(Date.UTC(1980, 0, 1))
const METHOD_STORED = 0
const METHOD_DEFLATED = 8
/** Version 2.0 of the format: deflate. */
const VERSION_NEEDED = 20
/** The type of a file in `st_mode`, which unzip finds in the upper half of the external attributes. */
const TYPE = { file: 0o100000, symlink: 0o120000, directory: 0o040000 }

/** archiver's zip format for entries that have been compressed already: by itself it compresses them one after the other. */
export class PackedZipArchive extends ZipArchive {
  readonly #signal: AbortSignal
  readonly #writer: ZipWriter
  #current: { entry: PackedEntry; measured?: Measured } | undefined

  /** @param signal ends a wait for the reader of the archive. */
  constructor(signal: AbortSignal) {
    super()
    this.#signal = signal
    this.#writer = (this as unknown as { _module: { engine: ZipWriter } })._module.engine
    this.#writer._appendBuffer = (header, _source, done) => {
      this.#append(header).then(() => done(), done)
    }
    gatherWrites(this.#writer)
  }

  /** Writes one entry and gives its measures; the next may be added when this one is written. */
  async add(entry: PackedEntry): Promise<Measured> {
    const current: { entry: PackedEntry; measured?: Measured } = { entry }
    this.#current = current
    const written = once(this, 'entry', { signal: this.#signal })
    this.append(Buffer.alloc(0), { name: nameOf(entry), date: FIXED_DATE, mode: entry.source.mode })
    await written
    if (!current.measured) throw new Error(`archiver reports ${entry.source.path} and did not write it`)
    return current.measured
  }

  async #append(header: ZipHeader): Promise<void> {
    if (!this.#current) throw new Error('an entry was appended without being added')
    const { entry } = this.#current
    describe(header, entry)
    if (entry.kind === 'whole') measure(header, entry.measured)
    this.#writer._writeLocalFileHeader(header)
    this.#current.measured = await this.#putContent(entry)
    measure(header, this.#current.measured)
    this.#writer._afterAppend(header)
  }

  async #putContent(entry: PackedEntry): Promise<Measured> {
    if (entry.kind === 'whole') {
      await this.#put(entry.data)
      return entry.measured
    }
    try {
      for (;;) {
        const step = await entry.blocks.next()
        if (step.done) return step.value
        await this.#put(step.value)
      }
    } finally {
      await entry.blocks.return(undefined as never)
    }
  }

  async #put(data: Buffer): Promise<void> {
    if (!this.#writer.write(data)) await once(this.#writer, 'drain', { signal: this.#signal })
  }
}

/** A directory is known by its slash. */
function nameOf({ source }: PackedEntry): string {
  return source.kind === 'directory' ? `${source.path}/` : source.path
}

function describe(header: ZipHeader, entry: PackedEntry): void {
  const { source, deflated, kind } = entry
  const name = nameOf(entry)
  header.setName(name)
  // setName tidies: it would make `b` of a file called `a:b`.
  header.name = name
  header.setUnixMode(TYPE[source.kind] | source.mode)
  header.setMethod(deflated ? METHOD_DEFLATED : METHOD_STORED)
  header.setVersionNeededToExtract(VERSION_NEEDED)
  // The sizes of a streamed entry stand behind it.
  header.getGeneralPurposeBit().useDataDescriptor(kind === 'stream')
}

function measure(header: ZipHeader, measured: Measured): void {
  header.setCrc(measured.crc)
  header.setSize(measured.bytes)
  header.setCompressedSize(measured.packedBytes)
}
