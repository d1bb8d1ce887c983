import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A line for a file at the root of a directory. */
export interface AppendedLine {
  line: string
  file: string
  directory: string
  /** Whether a last line without an end may be given one, which changes nothing of what the file means. */
  mayEndLine: boolean
}

/** The command that appends a line to a file. `echo` would join it to a last line that has no newline at its end, as many editors leave it. */
export function appendingCommand({ line, file, directory, mayEndLine }: AppendedLine): string {
  const append = `echo ${line} >> ${file}`
  const path = join(directory, file)
  const text = readText(path)
  if (text === '' || text.endsWith('\n')) return append
  if (mayEndLine && endLine(path)) return `${append}   # ${file} had no newline at its end: it has one now`
  return `printf '\\n%s\\n' ${line} >> ${file}`
}

/** Empty for a file that isn't there. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Where a link leads is nobody's ignore file alone, so none is followed. */
const FLAGS =
  constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Appends the end of a line, and nothing else, to a file that its owner may write to; says whether its last line has one now. */
function endLine(path: string): boolean {
  let file: number | undefined
  try {
    file = openSync(path, FLAGS)
    const stats = fstatSync(file)
    // root could write to a file that its owner locked, and UTF-16 has other newlines.
    if (!stats.isFile() || (stats.mode & constants.S_IWUSR) === 0) return false
    const text = readFileSync(file, 'utf8')
    if (/[\0\ufffd]/.test(text)) return false
    if (!text.endsWith('\n')) writeSync(file, text.includes('\r\n') ? '\r\n' : '\n')
    return true
  } catch {
    return false
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
