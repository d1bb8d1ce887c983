import { fstatSync, statSync, type Stats } from 'node:fs'
import type { SourceFile } from './source-file.ts'

/** Standard output and standard error. */
const STREAMS = [1, 2]

/** Whether this command's own output goes to a file, by `> deploy.log` or `2> deploy.log`; a pipe can't be asked where it ends. */
export function isOutputFile(file: string): boolean {
  return outputs().some(({ ino, dev }) => {
    try {
      const found = statSync(file)
      return found.ino === ino && found.dev === dev
    } catch {
      return false
    }
  })
}

/** Warns of files that ship although this command's own output goes there. */
export function warnOfOutput(files: readonly SourceFile[], warn: (sentence: string) => void): void {
  const inodes = outputs().map(({ ino }) => ino)
  for (const { path, file, kind, stamp } of files) {
    if (kind !== 'file' || !inodes.includes(stamp.inode) || !isOutputFile(file)) continue
    warn(
      `${path} ships, and it is where this command's own output goes: write that elsewhere, or leave the file out with a line in .dockerignore.`,
    )
  }
}

function outputs(): Stats[] {
  return STREAMS.flatMap((stream) => {
    try {
      const stats = fstatSync(stream)
      return stats.isFile() ? stats : []
    } catch {
      // A stream that is closed.
      return []
    }
  })
}
