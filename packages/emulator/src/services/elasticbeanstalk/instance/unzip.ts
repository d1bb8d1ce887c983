import { createWriteStream } from 'node:fs'
import { chmod, lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { readEntry, STAGING, UnzipFailure, type UnzipEntry } from './unzip-entry.ts'

/** Bytes that a bundle may unpack to: more is a mistake or a bomb. */
const unpackedLimit = 8 * 1024 ** 3
const longestLinkTarget = 4096

/**
 * Unpacks a zip into `target`, which is made and must be empty, as `unzip -q -o` of the platform does (Info-ZIP 6.00; each case was run with Debian's): of
 * two entries of one name the last counts, names keep backslashes and colons, `..` is left out, links are made at the very end, so that nothing is ever
 * written through one. Modes are the zip's, and their owner may read and write besides, since whoever reads them here need not be root. Links lead where the
 * zip says: whoever follows them must see to it that they stay inside. Throws {@link UnzipFailure}, and leaves a part behind, wherever `unzip` ends with another status than 0.
 */
export async function unzip(path: string, target: string, signal: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o755 })
  const zip = await openZip(path)
  const unpacking: Unpacking = { zip, target, directories: new Set(), links: new Set(), bytes: 0, signal }
  try {
    if (zip.entryCount === 0) throw new UnzipFailure(1, 'warning:  zipfile is empty')
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted()
      await extract(unpacking, entry)
    }
  } catch (cause) {
    throw refusalOf(cause)
  } finally {
    zip.close()
  }
  for (const link of unpacking.links) await makeLink(link)
}

interface Unpacking {
  zip: ZipFile
  target: string
  /** Those that are there for sure. */
  directories: Set<string>
  /** Files that hold a link's target until all entries are there. */
  links: Set<string>
  /** What was unpacked so far. */
  bytes: number
  signal: AbortSignal
}

const NO_ZIP = `  End-of-central-directory signature not found.  Either this file is not
  a zipfile, or it constitutes one disk of a multi-part archive.  In the
  latter case the central directory and zipfile comment will be found on
  the last disk(s) of this archive.`

async function openZip(path: string): Promise<ZipFile> {
  try {
    // Sizes are counted as they come and names are read as unzip reads them: the library's own opinion of both is another.
    return await openPromise(path, { lazyEntries: true, decodeStrings: false, validateEntrySizes: false })
  } catch (cause) {
    const { message } = cause as Error
    throw message.startsWith('End of central directory')
      ? new UnzipFailure(9, NO_ZIP, { cause })
      : new UnzipFailure(3, message, { cause })
  }
}

async function extract(unpacking: Unpacking, raw: Entry): Promise<void> {
  const entry = readEntry(raw)
  const path = join(unpacking.target, ...entry.parts)
  if (entry.kind === 'directory') return makeDirectory(unpacking, entry)
  await makeParents(unpacking, entry)
  await makeRoom(path, entry)
  unpacking.links.delete(path)
  await writeContent(unpacking, raw, path, entry)
  const isLink = entry.kind === 'link' && (await lstat(path)).size > 0
  if (isLink) unpacking.links.add(path)
  else await chmod(path, entry.mode | 0o600)
}

/** Only the entry that makes a directory gives it its mode. */
async function makeDirectory(unpacking: Unpacking, entry: UnzipEntry): Promise<void> {
  if (await makeParents(unpacking, entry)) {
    await chmod(join(unpacking.target, ...entry.parts), entry.mode | 0o700)
  }
}

/** Makes the directories above an entry, and a directory itself. Answers whether the last of them is new. */
async function makeParents(
  { target, directories }: Unpacking,
  { name, parts, kind }: UnzipEntry,
): Promise<boolean> {
  let path = target
  let isNew = false
  for (const part of kind === 'directory' ? parts : parts.slice(0, -1)) {
    path = join(path, part)
    isNew = false
    if (directories.has(path)) continue
    const present = await lstat(path).catch(ifMissing)
    isNew = present === undefined
    if (isNew) await mkdir(path, { mode: 0o755 }).catch(tooLong(path, target))
    else if (!present?.isDirectory()) {
      const shown = STAGING + path.slice(target.length + 1)
      const message = `checkdir error:  ${shown} exists but is not directory\n                 unable to process ${name}.`
      throw new UnzipFailure(2, message)
    }
    directories.add(path)
  }
  return isNew
}

/** What an earlier entry of this name left. */
async function makeRoom(path: string, { parts }: UnzipEntry): Promise<void> {
  const present = await lstat(path).catch(ifMissing)
  if (present?.isDirectory()) {
    throw new UnzipFailure(
      50,
      `error:  cannot delete old ${STAGING}${parts.join('/')}\n        Is a directory`,
    )
  }
  if (present) await rm(path)
}

async function writeContent(
  unpacking: Unpacking,
  raw: Entry,
  path: string,
  { kind, parts }: UnzipEntry,
): Promise<void> {
  const { zip, signal } = unpacking
  let sum = 0
  let length = 0
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum)
      length += chunk.length
      unpacking.bytes += chunk.length
      done(overLimit(unpacking.bytes, length, kind), chunk)
    },
  })
  const content = await zip.openReadStreamPromise(raw)
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  await pipeline(content, counted, file, { signal }).catch(tooLong(path, unpacking.target))
  if (sum !== raw.crc32) {
    const shown = `${STAGING}${parts.join('/')}`.padEnd(22)
    throw new UnzipFailure(2, `${shown}  bad CRC ${hex(sum)}  (should be ${hex(raw.crc32)})`)
  }
}

function overLimit(bytes: number, length: number, kind: UnzipEntry['kind']): Error | null {
  if (bytes > unpackedLimit) return new Error(`the bundle unpacks to more than ${unpackedLimit} bytes`)
  return kind === 'link' && length > longestLinkTarget ? new Error('a link has too long a target') : null
}

async function makeLink(path: string): Promise<void> {
  const target = await readFile(path, 'utf8')
  await rm(path)
  await symlink(target, path)
}

const hex = (sum: number): string => sum.toString(16).padStart(8, '0')

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENAMETOOLONG') throw error
}

const tooLong =
  (path: string, target: string) =>
  (error: NodeJS.ErrnoException): never => {
    if (error.code !== 'ENAMETOOLONG') throw error
    const shown = STAGING + path.slice(target.length + 1)
    throw new UnzipFailure(50, `error:  cannot create ${shown}\n        File name too long`, { cause: error })
  }

/** What the library says of a damaged zip is told in its own words; trouble of this machine (a full disk) is none of the bundle's. */
function refusalOf(cause: unknown): unknown {
  if (cause instanceof UnzipFailure || !(cause instanceof Error)) return cause
  const { code, name } = cause as NodeJS.ErrnoException
  if (name === 'AbortError' || (code !== undefined && !code.startsWith('Z_'))) return cause
  return new UnzipFailure(3, cause.message, { cause })
}
