import { readFileSync } from 'node:fs'
import { type LucreeError, SourceError } from '../errors.ts'
import { isOutputFile } from '../bundle/output-file.ts'
import { SourceChanged } from '../bundle/source-failures.ts'
import { shellQuote } from './shell-quote.ts'

/** A line that short may stand in any file. */
const TELLING = 6

/**
 * A file that changed while the source was bundled because this command's own output goes there, by `> deploy.log` or `| tee deploy.log`, is
 * named as that; any other failure stays as it is.
 * @param written the last of what was written to each stream.
 */
export function nameOwnOutput(failure: LucreeError, written: readonly string[]): LucreeError {
  if (!(failure instanceof SourceChanged) || failure.file === undefined) return failure
  if (!isOutputFile(failure.file) && !holds(failure.file, written)) return failure
  const { path } = failure
  return new SourceError(`${path} is where this command's own output goes`, {
    code: 'LUC-SOURCE-OWN-OUTPUT',
    why: 'the file is in the source, so it changes while the source is bundled',
    hints: [
      `Write the output outside of the source, for example to ../${shellQuote(path.split('/').at(-1) ?? path)}.`,
      `Or leave the file out with a line in .dockerignore: ${path}`,
    ],
    cause: failure,
  })
}

/** Whether the last whole line of a file is one that this command wrote; what a pipe ends in can't be asked. */
function holds(file: string, written: readonly string[]): boolean {
  try {
    const lines = readFileSync(file, 'utf8').slice(-4_096).split('\n').slice(0, -1)
    const last = lines.findLast((line) => line.trim().length >= TELLING)
    return last !== undefined && written.some((text) => text.split('\n').includes(last))
  } catch {
    return false
  }
}
