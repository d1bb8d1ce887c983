import { type Writable } from 'node:stream'

/** Characters that wait for a reader who doesn't read; what comes after them is dropped. */
const MOST_WAITING = 1_048_576

/** Takes log lines. */
export interface LineOutput {
  write(line: string): void
}

/**
 * Where log lines go. Whoever reads them may stop reading or go away: then lines are lost, and nothing waits for them. Pino's own
 * destination would try for ever to write the rest when the process ends.
 *
 * @param stream where they are written to: standard output
 */
export function lineOutput(stream: Writable): LineOutput {
  let gone = false
  stream.on('error', () => (gone = true))
  return {
    write(line) {
      if (!gone && stream.writableLength < MOST_WAITING) stream.write(line)
    },
  }
}
