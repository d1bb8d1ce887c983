import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line for a file at the root of a directory. */
export interface AppendedLine {
  line: string
  file: string
  directory: string
}

/** The command that appends a line to a file: `echo` would join it to a last line that has no newline at its end. */
export function appendingCommand({ line, file, directory }: AppendedLine): string {
  return endsItsLastLine(join(directory, file))
    ? `echo ${line} >> ${file}`
    : `printf '\\n%s\\n' ${line} >> ${file}`
}

/** Whether the last line of a file has its newline; so does a file that is empty, or isn't there. */
function endsItsLastLine(file: string): boolean {
  try {
    const content = readFileSync(file)
    return content.length === 0 || content.at(-1) === 0x0a
  } catch {
    return true
  }
}
