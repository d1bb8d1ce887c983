import { readFileSync } from 'node:fs'
import { unreadable } from '../source-failures.ts'
import type { SourceFile } from '../source-file.ts'
import type { Selection } from '../files/selection.ts'

/** What the checks look at: the files that will be in the bundle, and why others won't. */
export interface CheckedSource {
  /** Directory that is bundled; absolute. */
  source: string
  files: SourceFile[]
  selection: Selection
  onWarning: (sentence: string) => void
}

/** The text of a file of the bundle; undefined when the bundle has none at that path. */
export function textOf({ files }: CheckedSource, path: string): string | undefined {
  const found = files.find((file) => file.path === path)
  if (!found) return undefined
  try {
    return readFileSync(found.file, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}
