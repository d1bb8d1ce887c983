import { createWriteStream } from 'node:fs'
import { chmod, mkdir, readlink, realpath, symlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { openPromise, validateFileName, type Entry, type ZipFile } from 'yauzl'

/** Bytes that a bundle may unpack to: more is a mistake or a bomb. */
const unpackedLimit = 8 * 1024 ** 3
const longestLinkTarget = 4096

/**
 * Unpacks a zip into `target`, which is made. Modes are kept and symlinks stay symlinks. Throws, and may leave a part behind, when an entry's path or
 * a link leads out of `target`, when an entry would be written through a link, or when the zip is damaged.
 */
export async function unzip(path: string, target: string, signal: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o755 })
  const root = await realpath(target)
  const zip = await openPromise(path, { lazyEntries: true, strictFileNames: true })
  try {
    let unpacked = 0
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted()
      unpacked += entry.uncompressedSize
      if (unpacked > unpackedLimit) throw new Error(`the bundle unpacks to more than ${unpackedLimit} bytes`)
      await extract(zip, entry, root, signal)
    }
  } finally {
    zip.close()
  }
}

async function extract(zip: ZipFile, entry: Entry, root: string, signal: AbortSignal): Promise<void> {
  const refusal = validateFileName(entry.fileName)
  if (refusal !== null) throw new Error(refusal)
  const path = join(root, entry.fileName)
  const mode = entry.externalFileAttributes >>> 16
  if (entry.fileName.endsWith('/')) {
    await makeDirectory(root, path)
    return
  }
  await makeDirectory(root, dirname(path))
  const content = await zip.openReadStreamPromise(entry)
  if (isLink(mode)) {
    if (entry.uncompressedSize > longestLinkTarget)
      throw new Error(`the link ${entry.fileName} has too long a target`)
    await link(root, path, entry.fileName, (await buffer(content)).toString('utf8'))
    return
  }
  // wx: a name that was there before, a link above all, is never written through.
  await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
  await chmod(path, (mode & 0o777) === 0 ? 0o644 : (mode & 0o777) | 0o600)
}

function isLink(mode: number): boolean {
  return (mode & 0o170000) === 0o120000
}

/** A link in between may lead elsewhere, though never out of the root: {@link link} sees to that. */
async function makeDirectory(root: string, path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 })
  const real = await realpath(path)
  if (!isInside(root, real)) throw new Error(`${path.slice(root.length + 1)} leads out of the bundle`)
}

async function link(root: string, path: string, name: string, target: string): Promise<void> {
  const directory = await realpath(dirname(path))
  if (target === '' || !isInside(root, resolve(directory, target))) {
    throw new Error(`the link ${name} leads out of the bundle`)
  }
  await symlink(target, path)
  await refuseDetour(root, path, name)
}

/** A link to a link may leave although neither does by its text alone. */
async function refuseDetour(root: string, path: string, name: string): Promise<void> {
  const target = resolve(await realpath(dirname(path)), await readlink(path))
  const real = await realpath(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return target
    throw error
  })
  if (!isInside(root, real)) throw new Error(`the link ${name} leads out of the bundle`)
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep)
}
