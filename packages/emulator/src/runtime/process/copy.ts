import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { chmod, copyFile, constants, mkdir, readlink, rm, stat, symlink } from 'node:fs/promises'
import { join, posix, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BuildFailed } from '../runtime.ts'
import type { ContextEntry } from '../context.ts'
import { isPattern, patternToRegExp } from './glob.ts'
import { staysInside } from './paths.ts'

/** Where COPY takes its sources from: the build context, or the file system of an earlier stage. */
export interface CopyOrigin {
  directory: string
  entries: ContextEntry[]
}

/** What one COPY or ADD will write, in order. `to` is relative to what the instruction names as its destination. */
export interface CopyItem {
  entry: ContextEntry
  to: string
}

/**
 * Finds the sources of a COPY as Docker does. `target` is the container's absolute path. Throws {@link BuildFailed} in the engine's own
 * words when a source is missing or lies outside, or when several would have to become one file.
 */
export function findSources(
  origin: CopyOrigin,
  keyword: string,
  sources: string[],
  target: string,
): ContextEntry[] {
  const found = sources.flatMap((source) => findSource(origin, source))
  if (found.length > 1 && !target.endsWith('/')) {
    const message = `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`
    throw new BuildFailed('build', message)
  }
  return found
}

/** What is written for the found sources: of a directory its contents, of a file itself, under its own name `intoDirectory`. */
export function itemsOf(origin: CopyOrigin, found: ContextEntry[], intoDirectory: boolean): CopyItem[] {
  return found.flatMap((entry) => {
    if (entry.kind === 'directory') return below(origin, entry.path)
    return [{ entry, to: intoDirectory ? posix.basename(entry.path) : '' }]
  })
}

function findSource(origin: CopyOrigin, source: string): ContextEntry[] {
  const path = posix.normalize(source.replace(/^\/+/, '')).replace(/\/$/, '')
  if (path === '..' || path.startsWith('../')) {
    throw new BuildFailed('build', `COPY failed: forbidden path outside the build context: ${source} ()`)
  }
  if (path === '.' || path === '') return [{ path: '', kind: 'directory' }]
  if (isPattern(path)) {
    const pattern = patternToRegExp(path)
    const matches = origin.entries.filter((entry) => pattern.test(entry.path))
    if (matches.length > 0) return matches
    throw new BuildFailed('build', `COPY failed: no source files were specified`)
  }
  const entry = followLinks(origin, path, source)
  if (entry) return [entry]
  const message = `COPY failed: file not found in build context or excluded by .dockerignore: stat ${path}: file does not exist`
  throw new BuildFailed('build', message)
}

/** A source that is named is followed through links, but never out of the context. */
function followLinks(origin: CopyOrigin, path: string, source: string): ContextEntry | undefined {
  const named = origin.entries.find((entry) => entry.path === path)
  if (named && named.kind !== 'symlink') return named
  const full = join(origin.directory, path)
  if (!existsSync(full)) return undefined
  const real = relative(realpathSync(origin.directory), realpathSync(full))
  if (real === '..' || real.startsWith('../')) {
    throw new BuildFailed('build', `COPY failed: forbidden path outside the build context: ${source} ()`)
  }
  const followed = origin.entries.find((entry) => entry.path === real)
  if (!followed) return undefined
  // The name in the destination is the link's, so a file is taken through it.
  return followed.kind === 'directory' ? followed : { path, kind: 'file' }
}

function below(origin: CopyOrigin, directory: string): CopyItem[] {
  const prefix = directory === '' ? '' : `${directory}/`
  return origin.entries
    .filter((entry) => entry.path.startsWith(prefix))
    .map((entry) => ({ entry, to: entry.path.slice(prefix.length) }))
}

/** A digest over names, kinds, executable bits and contents of what will be copied. */
export async function digestOf(origin: CopyOrigin, items: CopyItem[], signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for (const { entry, to } of items) {
    signal.throwIfAborted()
    const path = join(origin.directory, entry.path)
    hash.update(`\0${to}\0${entry.kind}\0`)
    if (entry.kind === 'symlink') hash.update(await readlink(path))
    if (entry.kind === 'file') await addFile(hash, path)
  }
  return hash.digest('hex')
}

async function addFile(hash: Hash, path: string): Promise<void> {
  const { mode, size } = statSync(path)
  hash.update(`${mode & 0o111}\0${size}\0`)
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk)
  })
}

/** Where {@link copyInto} writes. */
export interface CopyTarget {
  root: string
  /** The container's absolute path that all `to` are joined to. */
  destination: string
  /** COPY --chmod. */
  mode: number | undefined
}

/** Writes items into an image's root, and never through a link out of it. */
export async function copyInto(
  { root, destination, mode }: CopyTarget,
  origin: CopyOrigin,
  items: CopyItem[],
  signal: AbortSignal,
): Promise<void> {
  const directories = new Set<string>()
  const files = new Map<string, ContextEntry>()
  for (const { entry, to } of items) {
    const inContainer = posix.join(destination, to)
    if (entry.kind === 'directory') directories.add(inContainer)
    // Of two sources of the same name the later one wins.
    else files.set(inContainer, entry)
    directories.add(posix.dirname(inContainer))
  }
  if (items.length === 0) directories.add(destination)
  for (const directory of directories) await makeInside(root, directory)
  await eachOf([...files], signal, ([inContainer, entry]) =>
    copyOne(join(origin.directory, entry.path), entry.kind, join(root, inContainer), inContainer),
  )
  if (mode === undefined) return
  const changed = items.filter(({ entry }) => entry.kind !== 'symlink')
  for (const { to } of changed) await chmod(join(root, posix.join(destination, to)), mode)
}

/** Files that are copied at the same time: enough to keep the disk busy. */
const AT_ONCE = 16

async function eachOf<T>(items: T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  const next = items[Symbol.iterator]()
  const worker = async () => {
    for (const item of { [Symbol.iterator]: () => next }) {
      signal.throwIfAborted()
      await work(item)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** The directory of `target` has been found to lie in the image. */
async function copyOne(
  from: string,
  kind: ContextEntry['kind'],
  target: string,
  inContainer: string,
): Promise<void> {
  const present = lstatSync(target, { throwIfNoEntry: false })
  if (present?.isDirectory()) {
    throw new BuildFailed('build', `COPY failed: cannot copy to non-directory: ${inContainer}`)
  }
  // Written as a new file: the old one may be a link that leads elsewhere.
  if (present) await rm(target)
  if (kind === 'symlink') await symlink(containedLink(await readlink(from), inContainer), target)
  else {
    await copyFile(from, target, constants.COPYFILE_FICLONE)
    const { mode } = await stat(target)
    // A file that its owner can't write could not be removed with its image later, nor changed by a RUN step of root.
    if ((mode & 0o600) !== 0o600) await chmod(target, (mode & 0o777) | 0o600)
  }
}

/** A link's target as seen from a root that is a mere directory: relative, and never above that root. */
export function containedLink(target: string, linkPath: string): string {
  const directory = posix.dirname(linkPath)
  return posix.relative(directory, posix.resolve('/', directory, target)) || '.'
}

async function makeInside(root: string, inContainer: string): Promise<void> {
  const path = join(root, inContainer)
  if (!staysInside(root, path)) throw outside(inContainer)
  await mkdir(path, { recursive: true })
}

const outside = (path: string): BuildFailed =>
  new BuildFailed('build', `COPY failed: ${path} leads outside the image through a link`)
