import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { unreadable } from '../source-failures.ts'
import { stampOf, type SourceFile } from '../source-file.ts'
import { emptyDirectories } from './empty-directories.ts'
import { warningOfLink } from './symlink.ts'

export interface WalkRequest {
  /** Directory that is read; absolute. A symlink that leaves it is warned of. */
  root: string
  /** Where its files go in the bundle: a prefix without slashes at its ends, or an empty string. */
  prefix: string
  /** Whether a file is taken, by its path relative to `root`. */
  ships: (path: string) => boolean
  prunes: (directory: string) => boolean
  onWarning: (sentence: string) => void
  /** Hears what is left out, by its path relative to `root`; a directory that isn't read counts for all that is in it. */
  onLeft?: OnLeft
  signal: AbortSignal
}

export type LeftKind = 'file' | 'directory' | 'special'
export type OnLeft = (path: string, kind: LeftKind) => void

/** So many entries are looked at before the event loop has its turn, also in one large directory. */
const ENTRIES_A_TURN = 200

/** Finds the files of a directory tree, and the directories in which nothing ships. */
export async function walk(request: WalkRequest): Promise<SourceFile[]> {
  const found = new Map<string, SourceFile>()
  const directories: string[] = []
  const pending = ['']
  let seen = 0
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    // The calls are synchronous: a turn of the event loop lets Ctrl-C through.
    await turn()
    request.signal.throwIfAborted()
    for (const entry of list(request.root, directory)) {
      if (++seen % ENTRIES_A_TURN === 0) {
        await turn()
        request.signal.throwIfAborted()
      }
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`
      if (entry.isDirectory()) {
        if (request.prunes(path)) request.onLeft?.(path, 'directory')
        else {
          pending.push(path)
          directories.push(path)
        }
      } else if (request.ships(path)) {
        const file = describe(request, path)
        if (file) found.set(path, file)
        else request.onLeft?.(path, 'special')
      } else request.onLeft?.(path, 'file')
    }
  }
  const empty = emptyDirectories(directories, found.keys(), request.ships)
  return [...found.values(), ...empty.map((path) => describeDirectory(request, path))]
}

function list(root: string, directory: string) {
  try {
    return readdirSync(join(root, directory), { withFileTypes: true })
  } catch (error) {
    throw unreadable(directory === '' ? root : directory, error)
  }
}

function describe(request: WalkRequest, path: string): SourceFile | undefined {
  const file = join(request.root, path)
  const stats = attempt(path, () => lstatSync(file))
  const placed = placeOf(request, path)
  if (stats.isSymbolicLink()) {
    const target = attempt(path, () => readlinkSync(file))
    const warning = warningOfLink(request.root, path, target)
    if (warning !== undefined) request.onWarning(warning)
    return symlink(placed, file, target, stats)
  }
  if (stats.isFile()) return regular(placed, file, stats)
  request.onWarning(`${placed} is neither a file nor a directory and stays out of the bundle.`)
  return undefined
}

function placeOf({ prefix }: WalkRequest, path: string): string {
  return prefix === '' ? path : `${prefix}/${path}`
}

function describeDirectory(request: WalkRequest, path: string): SourceFile {
  const file = join(request.root, path)
  const stamp = stampOf(attempt(path, () => lstatSync(file)))
  return {
    ...{ path: placeOf(request, path), file, stamp },
    kind: 'directory',
    bytes: 0,
    mode: 0o755,
    target: undefined,
  }
}

export function regular(path: string, file: string, stats: Stats): SourceFile {
  const mode = (stats.mode & 0o111) === 0 ? 0o644 : 0o755
  return { path, file, kind: 'file', bytes: stats.size, mode, target: undefined, stamp: stampOf(stats) }
}

function symlink(path: string, file: string, target: string, stats: Stats): SourceFile {
  const bytes = Buffer.byteLength(target)
  return { path, file, kind: 'symlink', bytes, mode: 0o777, target, stamp: stampOf(stats) }
}

function attempt<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw unreadable(path, error)
  }
}
