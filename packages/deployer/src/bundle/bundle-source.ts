import type { Clock } from '../clock.ts'
import type { Bundle, BundleEntry } from './bundle.ts'
import { checkBundle } from './checks/check-bundle.ts'
import { directorySource } from './directory-source.ts'
import { findFiles } from './files/source-files.ts'
import { makeZip } from './make-zip.ts'
import { warnOfOutput } from './output-file.ts'
import type { SourceFile } from './source-file.ts'

export interface BundleRequest {
  /** Directory that is bundled; absolute. */
  source: string
  /** Further paths relative to the project directory. */
  include: string[]
  /** Directory of `lucree.json`; absolute. */
  projectDir: string
  signal: AbortSignal
  clock?: Clock
  /** Called with each warning as soon as it is known; the bundle has them all. */
  onWarning?: (sentence: string) => void
}

/**
 * Makes the zip that Beanstalk gets of a source directory. It lies alone in a temporary directory of mode 0700 until it is disposed of;
 * a failure or an abort leaves nothing.
 * @throws SourceError naming the file when the source can't be bundled; the signal's reason when it is aborted.
 */
export async function bundleSource(request: BundleRequest): Promise<Bundle> {
  const warnings: string[] = []
  const onWarning = (sentence: string) => {
    warnings.push(sentence)
    request.onWarning?.(sentence)
  }
  const { files, selection } = await findFiles({ ...request, onWarning })
  const checked = await checkBundle(
    directorySource({ ...request, files, selection, mayEndLine: true }),
    onWarning,
  )
  const zip = await makeZip(files, request)
  // Said before, it could go into the very file, which would have changed then.
  warnOfOutput(files, onWarning)
  return { ...zip, entries: files.map(entryOf), ...checked, warnings }
}

export function entryOf({ path, bytes, mode, kind }: SourceFile): BundleEntry {
  return { path, bytes, mode, kind }
}
