import { createHash } from 'node:crypto'
import type { BundleEntry } from '../bundle.ts'

/** Adds entries, in the order of their paths, to one digest over names, modes and contents. */
export function contentDigest() {
  const sha = createHash('sha256')
  return {
    /** `sha256` is that of the entry's content, or of a symlink's target. */
    add(entry: BundleEntry, sha256: string): void {
      // NUL can't stand in a path, so no two bundles give the same text.
      sha.update(`${entry.path}\0${entry.kind}\0${entry.mode.toString(8)}\0${sha256}\0`)
    },
    hex: () => sha.digest('hex'),
  }
}
