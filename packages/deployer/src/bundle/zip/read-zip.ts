import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import { LucreeError, type SourceError } from '../../errors.ts'
import type { CheckedEntry } from '../checks/checked-source.ts'
import { byPath } from '../source-file.ts'
import { contentDigest } from './content-digest.ts'
import { badZip } from './zip-failures.ts'

/** Which system wrote an entry, in the upper byte of `version made by`. */
const FAT = 0
const UNIX = 3
const UTF8_NAME = 0x800
const TYPE = 0o170000
const LINK = 0o120000
/** What is read of every bundle, each at most as long as BuildKit takes a Dockerfile (a message of gRPC's). */
const READ_ALWAYS = /^(Dockerfile|Dockerrun\.aws\.json|\.dockerignore|Dockerfile\.dockerignore)$/
const LONGEST_READ = 16 * 1024 * 1024
/** Of what else a check may read, a script or `.ebextensions`, so many bytes of one file and of all. */
const KEPT_BYTES = 1024 * 1024
const KEPT_IN_ALL = 64 * 1024 * 1024
/** In bytes, by Linux. */
const LONGEST_LINK = 4_095
/** Info-ZIP's unzip 6.0 of Amazon Linux and Debian ends with 12 there. */
const OVERLAPPING = 'its entries overlap, which unzip on the instance takes for a bomb'

/** What a zip becomes when the platform unpacks it. */
export interface ReadZip {
  /** In the order of their paths; of two with one name the last, as `unzip -o` has it. */
  entries: CheckedEntry[]
  /** SHA-256 over names, modes and contents in hexadecimal: that of the directory, for a zip that lucree made. */
  digest: string
  /** What the checks read: files at the root and those of the platform, by path. */
  contents: Map<string, Buffer>
}

interface Content {
  entry: CheckedEntry
  sha256: string
}

/**
 * Reads a zip to its end, with every checksum.
 * @param name what messages call the zip.
 * @throws SourceError when it isn't one, is damaged or encrypted, or has a name that leads out of the directory that it is unpacked to.
 */
export async function readZip(path: string, name: string, signal: AbortSignal): Promise<ReadZip> {
  try {
    const zip = await openPromise(path, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true })
    try {
      return await readEntries(zip, name, signal)
    } finally {
      zip.close()
    }
  } catch (error) {
    if (signal.aborted || error instanceof LucreeError) throw error
    throw badZip(name, error instanceof Error ? error.message : String(error), error)
  }
}

async function readEntries(zip: ZipFile, name: string, signal: AbortSignal): Promise<ReadZip> {
  const found = new Map<string, Content>()
  const contents = new Map<string, Buffer>()
  let packed = 0
  let left = KEPT_IN_ALL
  for await (const raw of zip.eachEntry()) {
    signal.throwIfAborted()
    const { path, refusal } = pathOf(raw, name)
    if (refusal) throw refusal
    packed += raw.compressedSize
    if (packed > zip.fileSize) throw badZip(name, OVERLAPPING)
    const keeps = isKept(raw, path, name, left)
    const { sha256, kept } = await readContent(zip, { raw, path, name, keeps }, signal)
    left -= kept?.length ?? 0
    const entry = entryOf(raw, path, kept)
    found.set(entry.path, { entry, sha256 })
    contents.delete(entry.path)
    if (kept && entry.kind === 'file') contents.set(entry.path, kept)
  }
  const sorted = [...found.values()].sort((a, b) => byPath(a.entry, b.entry))
  const digest = contentDigest()
  for (const { entry, sha256 } of sorted) digest.add(entry, sha256)
  return { entries: sorted.map(({ entry }) => entry), digest: digest.hex(), contents }
}

function pathOf(raw: Entry, zip: string): { path: string; refusal: SourceError | undefined } {
  const path = nameOf(raw)
  const refuse = (why: string) => ({ path, refusal: badZip(zip, why) })
  if (raw.isEncrypted()) return refuse(`${path} is encrypted, and Beanstalk has no password`)
  if (path.startsWith('/'))
    return refuse(`${path} is an absolute name, which unzip on the instance ends with an error for`)
  if (path.split('/').includes('..'))
    return refuse(`${path} leads out of the directory that it is unpacked to`)
  // unzip 6.0 makes slashes of them and ends with 1, on which the deployment fails.
  if (hostOf(raw) === FAT && path.includes('\\') && !path.includes('/')) {
    return refuse(`${path} has backslashes in place of slashes, so unzip on the instance fails`)
  }
  return { path, refusal: undefined }
}

/** A zip of Unix may hold UTF-8 without saying so; unzip takes the bytes as they are. */
function nameOf(raw: Entry): string {
  const { generalPurposeBitFlag: flags, extraFields } = raw
  const unsaid = hostOf(raw) === UNIX && (flags & UTF8_NAME) === 0
  return getFileNameLowLevel(unsaid ? flags | UTF8_NAME : flags, raw.fileNameRaw, extraFields, true)
}

function hostOf(raw: Entry): number {
  return raw.versionMadeBy >>> 8
}

/** @returns the digest of the content, and the content itself where it is kept. */
async function readContent(
  zip: ZipFile,
  { raw, path, name, keeps }: { raw: Entry; path: string; name: string; keeps: boolean },
  signal: AbortSignal,
): Promise<{ sha256: string; kept: Buffer | undefined }> {
  const sha = createHash('sha256')
  const kept: Buffer[] = []
  let crc = 0
  const stream = await zip.openReadStreamPromise(raw)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    signal.throwIfAborted()
    sha.update(chunk)
    crc = crc32(chunk, crc)
    if (keeps) kept.push(chunk)
  }
  if (crc !== raw.crc32) throw badZip(name, `${path} is damaged: its checksum is wrong`)
  return { sha256: sha.digest('hex'), kept: keeps ? Buffer.concat(kept) : undefined }
}

/** @throws SourceError for a file of those that are always read, or a link, that is longer than any of its kind. */
function isKept(raw: Entry, path: string, name: string, left: number): boolean {
  const { uncompressedSize: bytes } = raw
  if (READ_ALWAYS.test(path)) {
    if (bytes <= LONGEST_READ) return true
    throw badZip(name, `${path} has more than 16 MiB, which no builder reads`)
  }
  if (isLink(raw)) {
    if (bytes <= LONGEST_LINK) return true
    throw badZip(name, `${path} is a symlink to a path that is longer than Linux has any`)
  }
  const isRead = !path.includes('/') || path.startsWith('.ebextensions/')
  return isRead && bytes <= KEPT_BYTES && bytes <= left
}

function modeOf(raw: Entry): number {
  return hostOf(raw) === UNIX ? raw.externalFileAttributes >>> 16 : 0
}

function isLink(raw: Entry): boolean {
  return (modeOf(raw) & TYPE) === LINK
}

function entryOf(raw: Entry, path: string, content: Buffer | undefined): CheckedEntry {
  const mode = modeOf(raw)
  const bytes = raw.uncompressedSize
  if (path.endsWith('/')) {
    return {
      path: path.replace(/\/+$/, ''),
      bytes: 0,
      mode: mode & 0o777 || 0o755,
      kind: 'directory',
      target: undefined,
    }
  }
  if (isLink(raw)) {
    return { path, bytes, mode: 0o777, kind: 'symlink', target: (content ?? Buffer.alloc(0)).toString() }
  }
  // unzip sets no setuid bit, and a file without a mode gets the usual one.
  return { path, bytes, mode: mode & 0o777 || 0o644, kind: 'file', target: undefined }
}
