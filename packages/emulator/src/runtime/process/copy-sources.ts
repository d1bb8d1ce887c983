import { cleanCopySource, copyPattern, CopyPatternError, isCopyPattern } from '@lucree/docker-context'
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readlink, stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ContextEntry } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import type { SourceTree } from './source-tree.ts'

/** One file or directory that a source of COPY or ADD has led to. */
export interface CopySource {
  /** What is copied: links of the source itself are followed. */
  entry: ContextEntry
  /** The name that a file gets in a directory: that of the link, when one led there. */
  name: string
}

/**
 * Finds what a source of COPY or ADD names. A pattern that matches nothing names nothing.
 * Throws {@link BuildFailed} in BuildKit's words for a path that isn't there and for a pattern that is none.
 */
export function findSources(tree: SourceTree, source: string): CopySource[] {
  const path = cleanCopySource(source)
  if (!isCopyPattern(path)) return [{ entry: tree.follow(path), name: posix.basename(path) }]
  const matches = readPattern(path)
  const parts = path.split('/')
  const plain = parts.slice(0, parts.findIndex(isCopyPattern)).join('/')
  const start = tree.find(plain)
  if ('missing' in start) throw new BuildFailed('build', `lstat /${start.missing}: no such file or directory`)
  const found: CopySource[] = []
  let whole: string | undefined
  for (const { path: below } of tree.below(start.path)) {
    // What lies in a directory that matches comes with it.
    if (whole !== undefined && below.startsWith(whole)) continue
    const rest = start.path === '' ? below : below.slice(start.path.length + 1)
    if (!matches(posix.join(plain, rest))) continue
    whole = `${below}/`
    found.push({ entry: tree.follow(below), name: posix.basename(below) })
  }
  return found
}

function readPattern(path: string): (path: string) => boolean {
  try {
    return copyPattern(path)
  } catch (error) {
    if (!(error instanceof CopyPatternError)) throw error
    throw new BuildFailed('build', `invalid includepatterns: []: ${error.message}`, { cause: error })
  }
}

/** A digest over the names, kinds, modes and contents of what will be copied. */
export async function digestOf(
  tree: SourceTree,
  sources: CopySource[],
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256')
  for (const { entry, name } of sources) {
    hash.update(`\0${name}`)
    await addEntry(hash, tree, entry, '', signal)
    if (entry.kind !== 'directory') continue
    const from = entry.path === '' ? 0 : entry.path.length + 1
    for (const below of tree.below(entry.path))
      await addEntry(hash, tree, below, below.path.slice(from), signal)
  }
  return hash.digest('hex')
}

async function addEntry(
  hash: Hash,
  tree: SourceTree,
  entry: ContextEntry,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const place = tree.place(entry)
  hash.update(`\0${name}\0${entry.kind}\0`)
  if (entry.kind === 'symlink') {
    hash.update(await readlink(place))
    return
  }
  const { mode, size } = await stat(place)
  hash.update(`${mode & 0o7777}\0`)
  if (entry.kind === 'directory') return
  hash.update(`${size}\0`)
  await pipeline(createReadStream(place), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk)
  })
}
