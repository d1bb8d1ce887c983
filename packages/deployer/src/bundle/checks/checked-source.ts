import type { BundleEntry } from '../bundle.ts'
import type { Selection } from '../files/selection.ts'

/** What the checks look at: what will be in the bundle, and why other paths won't. The same for a directory and for a zip. */
export interface CheckedSource {
  /** What messages call it: the directory that is bundled, or the zip; absolute. */
  name: string
  /** Directory that is bundled; undefined for a zip. */
  directory: string | undefined
  entries: readonly CheckedEntry[]
  selection: Pick<Selection, 'reason' | 'inBuildContext' | 'hiddenFromBuild' | 'ignoreFile'>
  /** The text of a file of the bundle, less a byte order mark; undefined when the bundle has no file at that path. */
  textOf: (path: string) => string | undefined
  /** The command that appends a line to a file at the root of the source. */
  appending: (line: string, file: string) => string
}

/** An entry of a bundle with where it points to, when it is a symlink. */
export interface CheckedEntry extends BundleEntry {
  target: string | undefined
}

/** Hears what a deploy should say about a bundle without stopping: one sentence. */
export type Warn = (sentence: string) => void

/** Less the mark that some editors put in front of UTF-8. */
export function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '')
}
