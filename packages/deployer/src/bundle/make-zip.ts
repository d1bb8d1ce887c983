import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock, type Clock } from '../clock.ts'
import { makeBundleDirectory } from './bundle-directory.ts'
import { refuseTooLarge } from './checks/size-limit.ts'
import type { SourceFile } from './source-file.ts'
import { writeZip } from './zip/write-zip.ts'

/** A zip alone in a temporary directory of mode 0700. */
export interface TemporaryZip {
  path: string
  /** Size in bytes of the zip. */
  bytes: number
  /** SHA-256 over names, modes and contents in hexadecimal. */
  digest: string
  /** Removes it with its directory. */
  dispose(): Promise<void>
}

/**
 * Puts the files into a zip; a failure or an abort leaves nothing.
 * @throws SourceError naming the file that can't be read or has changed, or the largest paths of what Beanstalk would not take.
 */
export async function makeZip(
  files: SourceFile[],
  { signal, clock = systemClock }: { signal: AbortSignal; clock?: Clock },
): Promise<TemporaryZip> {
  const directory = await makeBundleDirectory(clock)
  const dispose = () => rm(directory, { recursive: true, force: true })
  const onBytes = (size: number) => refuseTooLarge(size, files)
  try {
    const path = join(directory, 'bundle.zip')
    const { bytes, digest } = await writeZip({ files, path: `${path}.partial`, onBytes, signal })
    await rename(`${path}.partial`, path)
    return { path, bytes, digest, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
