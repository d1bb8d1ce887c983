import type { BundleEntry } from './bundle.ts'

/** A file that is going to be bundled, as it was when it was found. */
export interface SourceFile extends BundleEntry {
  /** Where it is on disk; absolute. */
  file: string
  /** Where a symlink points to, as it is written in the link. */
  target: string | undefined
  /** What changes when somebody writes to the file or puts another in its place. */
  stamp: FileStamp
}

/** Identity and age of a file: equal stamps mean that nobody has touched it in between. */
export interface FileStamp {
  inode: number
  bytes: number
  modifiedMs: number
  changedMs: number
}

/** The part of `fs.Stats` that a stamp is taken from. */
export interface StampedStats {
  ino: number
  size: number
  mtimeMs: number
  ctimeMs: number
}

export function stampOf(stats: StampedStats): FileStamp {
  return { inode: stats.ino, bytes: stats.size, modifiedMs: stats.mtimeMs, changedMs: stats.ctimeMs }
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return (
    a.inode === b.inode && a.bytes === b.bytes && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs
  )
}

/** By UTF-16 code units, which no locale changes. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
