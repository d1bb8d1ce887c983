import { type BundleEntry, fileCount } from '../bundle/bundle.ts'
import type { LeftPath, ListedSource } from '../bundle/list-source.ts'

/** What `bundle` prints with `--json`. */
export interface BundleDocument {
  /** Directory that was bundled; absolute. */
  source: string
  /** The zip; null when none could be made: `problems` says why. */
  bundle: { digest: string; files: number; bytes: number } | null
  /** Where it was written; null without `--output`. */
  output: string | null
  port: number | null
  images: string[]
  platform: string | null
  /** `mode` as `chmod` takes it: 0644, 0755, and 0777 of a symlink. */
  files: { path: string; bytes: number; mode: string; kind: Exclude<BundleEntry['kind'], 'directory'> }[]
  /** Those in which nothing ships: docker copies them all the same. */
  directories: string[]
  left: LeftPath[]
  warnings: string[]
  /** Why a deploy would refuse it. */
  problems: { code: string; message: string; why: string | null; next: string[] }[]
}

export function describeListed(
  { entries, left, warnings, refusals, zip, port, images, platform }: ListedSource,
  { source, output }: { source: string; output: string | undefined },
): BundleDocument {
  return {
    source,
    bundle: zip ? { digest: zip.digest, files: fileCount(entries), bytes: zip.bytes } : null,
    output: output ?? null,
    port: port ?? null,
    images,
    platform: platform ?? null,
    files: entries.flatMap(({ path, bytes, mode, kind }) =>
      kind === 'directory' ? [] : { path, bytes, kind, mode: mode.toString(8).padStart(4, '0') },
    ),
    directories: entries.flatMap(({ path, kind }) => (kind === 'directory' ? path : [])),
    left,
    warnings,
    problems: refusals.map(({ code, message, why, hints }) => ({
      ...{ code, message },
      why: why ?? null,
      next: hints,
    })),
  }
}
