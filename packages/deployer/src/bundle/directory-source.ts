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
}: {
  source: string
  files: SourceFile[]
  selection: Selection
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
  const appending = (line: string, file: string) => appendingCommand({ line, file, directory: source })
  return { name: source, directory: source, entries: files, selection, textOf, appending }
}
