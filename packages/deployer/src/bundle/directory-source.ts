import { readFileSync } from 'node:fs'
import { appendingCommand } from './append-hint.ts'
import { type CheckedSource, withoutMark } from './checks/checked-source.ts'
import type { Selection } from './files/selection.ts'
import { unreadable } from './source-failures.ts'
import type { SourceFile } from './source-file.ts'

/** A directory as the checks look at it. */
export function directorySource({
  source,
  files,
  selection,
  mayEndLine = false,
}: {
  source: string
  files: SourceFile[]
  selection: Selection
  /** Whether a hint may give the last line of an ignore file the end that it lacks. */
  mayEndLine?: boolean
}): CheckedSource {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const textOf = (path: string) => {
    const found = byPath.get(path)
    if (!found) return undefined
    try {
      return withoutMark(readFileSync(found.file, 'utf8'))
    } catch (error) {
      throw unreadable(path, error)
    }
  }
  const appending = (line: string, file: string) =>
    appendingCommand({ line, file, directory: source, mayEndLine })
  return { name: source, directory: source, entries: files, selection, textOf, appending }
}
