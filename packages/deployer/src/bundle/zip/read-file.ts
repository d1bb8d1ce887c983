import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { changedWhileBundling, unreadable } from '../source-failures.ts'
import { sameStamp, stampOf, type SourceFile } from '../source-file.ts'

/** Not followed, should a symlink have taken the file's place; not blocking, should a pipe have. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** An open file of the source that must stay as it was found. */
export interface OpenSource {
  /** The next bytes, at most `length`; shorter only at the end of the file. */
  read(length: number): Buffer
  /** Refuses a file that grew or was written to since it was found. */
  verify(): void
  close(): void
}

/**
 * Opens a file of the source. Calls are synchronous: a local read takes microseconds, a trip to the thread pool takes more, and there
 * are thousands of files. The caller yields between files.
 */
export function openSource(source: SourceFile): OpenSource {
  const refuse = (error: unknown) => unreadable(source.path, error)
  const fd = attempt(() => openSync(source.file, flags), refuse)
  let position = 0

  const verify = () => {
    const now = stampOf(attempt(() => fstatSync(fd), refuse))
    if (!sameStamp(now, source.stamp)) throw changedWhileBundling(source.path, source.file)
  }
  const read = (length: number) => {
    const block = Buffer.allocUnsafe(Math.min(length, source.bytes - position))
    let filled = 0
    while (filled < block.length) {
      const got = attempt(() => readSync(fd, block, filled, block.length - filled, position + filled), refuse)
      if (got === 0) throw changedWhileBundling(source.path, source.file)
      filled += got
    }
    position += filled
    return block
  }
  return { read, verify, close: () => closeSync(fd) }
}

/** Looks once more at every file when the zip is written, for those that changed after they had been read. */
export function verifyUnchanged(files: SourceFile[]): void {
  for (const source of files) {
    if (source.kind === 'directory') continue
    const now = attempt(
      () => lstatSync(source.file),
      (error) => unreadable(source.path, error),
    )
    if (!sameStamp(stampOf(now), source.stamp)) throw changedWhileBundling(source.path, source.file)
  }
}

function attempt<T>(call: () => T, refuse: (error: unknown) => Error): T {
  try {
    return call()
  } catch (error) {
    throw refuse(error)
  }
}
