import { readlinkSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { ContextEntry } from '../context.ts'
import { BuildFailed } from '../runtime.ts'

/** Where COPY takes its sources from: the build context, or the file system of an earlier stage. */
export interface CopyOrigin {
  directory: string
  entries: ContextEntry[]
}

const MOST_LINKS = 255

/** The files of a {@link CopyOrigin} by their paths. Each question takes time in proportion to its answer, not to the whole tree. */
export class SourceTree {
  static readonly #known = new WeakMap<ContextEntry[], SourceTree>()
  readonly directory: string
  readonly #sorted: ContextEntry[]
  readonly #byPath: Map<string, ContextEntry>

  /** The tree of an origin; it is read once, however many instructions copy from it. */
  static of({ directory, entries }: CopyOrigin): SourceTree {
    const known = this.#known.get(entries) ?? new SourceTree(directory, entries)
    this.#known.set(entries, known)
    return known
  }

  private constructor(directory: string, entries: ContextEntry[]) {
    this.directory = directory
    this.#sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
    this.#byPath = new Map(entries.map((entry) => [entry.path, entry]))
    this.#byPath.set('', { path: '', kind: 'directory' })
  }

  /** Where an entry lies on this machine. */
  place({ path }: ContextEntry): string {
    return join(this.directory, path)
  }

  /** All below a directory, whatever leads to an entry before the entry itself. */
  below(directory: string): ContextEntry[] {
    if (directory === '') return this.#sorted
    // `0` is the character behind the slash, so that this is all that begins with the directory and a slash.
    return this.#sorted.slice(this.#from(`${directory}/`), this.#from(`${directory}0`))
  }

  /** The first entry whose path is not before `path`. */
  #from(path: string): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] as ContextEntry).path < path) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * The file or directory behind a path, all links followed with the tree's root as the root. Throws {@link BuildFailed} as BuildKit does
   * when there is none (a path that .dockerignore leaves out isn't there, whatever the disk holds), naming where the links led.
   */
  follow(path: string): ContextEntry {
    const found = this.find(path)
    if ('kind' in found) return found
    throw missing(`"/${found.missing}": not found`)
  }

  /** As {@link follow}, with the path that isn't there instead of an error. */
  find(path: string): ContextEntry | { missing: string } {
    const ahead = path.split('/').reverse()
    let passed = ''
    let links = 0
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        passed = parentOf(passed)
        continue
      }
      const here = posix.join(passed, name)
      const entry = this.#byPath.get(here)
      if (!entry || (entry.kind === 'file' && ahead.some((rest) => rest !== '')))
        return { missing: posix.join(here, ...ahead.reverse()) }
      if (entry.kind !== 'symlink') {
        passed = here
        continue
      }
      if (++links > MOST_LINKS) throw missing(`too many symlinks: /${path}`)
      const target = readlinkSync(this.place(entry))
      if (target.startsWith('/')) passed = ''
      ahead.push(...target.split('/').reverse())
    }
    return this.#byPath.get(passed) as ContextEntry
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

const missing = (words: string): BuildFailed =>
  new BuildFailed(
    'build',
    `failed to compute cache key: failed to calculate checksum of ref lucree::context: ${words}`,
  )
