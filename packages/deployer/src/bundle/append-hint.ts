import { appendFileSync, lstatSync, readFileSync } from 'node:fs'
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
  if (mayEndLine && endLine(path, text))
    return `${append}   # ${file} had no newline at its end: it has one now`
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

function endLine(path: string, text: string): boolean {
  try {
    // Where a link leads is nobody's ignore file alone.
    if (!lstatSync(path).isFile()) return false
    appendFileSync(path, text.includes('\r\n') ? '\r\n' : '\n')
    return true
  } catch {
    return false
  }
}
