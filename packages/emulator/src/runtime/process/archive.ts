import { createWriteStream } from 'node:fs'
import { chmod, link, mkdir, rm, symlink, utimes } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Header } from 'tar-stream'
import { BuildFailed } from '../runtime.ts'
import { buildingLink } from './contained-link.ts'
import { ownable } from './copy.ts'
import { readDecompressed } from './decompress.ts'
import { inContainer, makeDirectory, resolveInRoot, statAt } from './root-path.ts'

/** One entry of an archive: its header and its content. */
type Entry = ReturnType<typeof extract> extends AsyncIterable<infer One> ? One : never

/** Whether a file is a tar, compressed or not, by its content: ADD unpacks it. One without an entry is none, as the engine has it. */
export async function isArchive(path: string): Promise<boolean> {
  try {
    for await (const entry of entriesOf(await readDecompressed(path))) {
      entry.resume()
      return true
    }
  } catch (error) {
    // Damaged before its first entry: it is copied like any other file. That it can't be read is told when it is.
    if (!(error instanceof Error)) throw error
  }
  return false
}

/** Where {@link unpack} writes. */
export interface UnpackTarget {
  /** The image's file system on this machine. */
  root: string
  /** The container's path of the directory that the archive is unpacked in. */
  destination: string
  /** Called with a line for the build's output. */
  log: (line: string) => void
}

/**
 * Unpacks a tar as ADD does: names and links are followed with the destination as the root, what is in the way is replaced, modes and times
 * are the archive's. Throws {@link BuildFailed} in the engine's words when the archive is damaged or doesn't fit.
 */
export async function unpack(path: string, target: UnpackTarget, signal: AbortSignal): Promise<void> {
  const { root, log } = target
  const place = await makeDirectory(root, target.destination)
  const directories = new Map<string, Header>()
  try {
    for await (const entry of entriesOf(await readDecompressed(path))) {
      signal.throwIfAborted()
      const name = posix.join('/', entry.header.name)
      const made = name === '/' ? undefined : await placeFor(place, name, entry.header)
      if (made === undefined) entry.resume()
      else if (entry.header.type === 'directory') directories.set(made, entry.header)
      else if (!(await write(entry, made, root, place))) {
        log(
          ` ---> [lucree] ${name} of the archive is left out: it is neither a file nor a directory nor a link`,
        )
      }
      if (!entry.destroyed) entry.resume()
    }
  } catch (error) {
    throw inEngineWords(error)
  }
  // Innermost first, and after their contents: those change a directory's time and may need its old mode.
  for (const [made, header] of [...directories].reverse()) await keepFacts(made, header)
}

async function* entriesOf(content: Readable): AsyncGenerator<Entry> {
  const tar = extract()
  const fed = pipeline(content, tar)
  // Heard when the entries are read to the end; whoever stops earlier has no use for it.
  fed.catch(() => undefined)
  for await (const entry of tar) yield entry
  await fed
}

/** Where an entry goes on this machine; its directory is there then, and nothing is in its way. A directory is made. */
async function placeFor(root: string, name: string, { type }: Header): Promise<string> {
  const parent = posix.dirname(name)
  const directory = statAt(join(root, parent))
    ? resolveInRoot(root, parent)
    : await makeDirectory(root, parent)
  const present = statAt(directory)
  if (!present) throw new BuildFailed('build', `open ${name}: no such file or directory`)
  if (!present.isDirectory()) throw new BuildFailed('build', `open ${name}: not a directory`)
  const place = join(directory, posix.basename(name))
  const inTheWay = statAt(place)
  if (inTheWay?.isDirectory() && type === 'directory') return place
  if (inTheWay) await rm(place, { recursive: true })
  if (type === 'directory') await mkdir(place)
  return place
}

/** Writes a file or link; answers false for a pipe or a device. */
async function write(entry: Entry, place: string, image: string, root: string): Promise<boolean> {
  const { type, linkname } = entry.header
  if (type === 'symlink') {
    await symlink(buildingLink(linkname ?? '', inContainer(image, place)), place)
  } else if (type === 'link') {
    const target = posix.join('/', linkname ?? '')
    const source = join(resolveInRoot(root, posix.dirname(target)), posix.basename(target))
    if (!statAt(source)) {
      const message = `link ${target} ${inContainer(root, place)}: no such file or directory`
      throw new BuildFailed('build', message)
    }
    await link(source, place)
  } else if (type === 'file' || type === 'contiguous-file') {
    await pipeline(entry, createWriteStream(place, { flags: 'wx' }))
    await keepFacts(place, entry.header)
  } else return false
  return true
}

async function keepFacts(place: string, { mode, mtime, type }: Header): Promise<void> {
  await chmod(place, ownable(mode ?? 0o644, type === 'directory'))
  if (mtime) await utimes(place, mtime, mtime)
}

/** A damaged archive is the bundle's fault; what this machine's file system says is not known here to be. */
function inEngineWords(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BuildFailed || 'syscall' in error) return error
  if (error.name === 'AbortError') return error
  const cut = /unexpected end/i.test(error.message)
  const words = cut ? 'unexpected EOF' : `archive/tar: invalid tar header (${error.message})`
  return new BuildFailed('build', words, { cause: error })
}
