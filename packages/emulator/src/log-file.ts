import { appendFileSync, closeSync, fchmodSync, fstatSync, openSync, renameSync } from 'node:fs'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** Two files of this size are all that a server's log ever takes. */
const LONGEST_BYTES = 4 * 1024 * 1024
/** A stack trace fits; a line that repeats a client's nonsense is cut. */
const LONGEST_LINE = 8 * 1024

/**
 * A log in a file (mode 0600), a line with its time each. Past four mebibytes the file becomes `<path>.1` and a new one begins.
 * Written at once, so that the last words before a kill are there.
 */
export function fileLog(path: string, clock: Clock): Log {
  let file = open(path)
  return (line) => {
    if (file.bytes > LONGEST_BYTES) {
      closeSync(file.descriptor)
      renameSync(path, `${path}.1`)
      file = open(path)
    }
    const entry = `${clock.now().toISOString()} ${line.slice(0, LONGEST_LINE)}\n`
    appendFileSync(file.descriptor, entry)
    file.bytes += Buffer.byteLength(entry)
  }
}

function open(path: string): { descriptor: number; bytes: number } {
  const descriptor = openSync(path, 'a', 0o600)
  fchmodSync(descriptor, 0o600)
  return { descriptor, bytes: fstatSync(descriptor).size }
}
