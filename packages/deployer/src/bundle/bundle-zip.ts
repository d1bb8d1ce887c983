import { constants, copyFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'
import type { Bundle } from './bundle.ts'
import { makeBundleDirectory } from './bundle-directory.ts'
import { checkBundle } from './checks/check-bundle.ts'
import { type CheckedSource, withoutMark } from './checks/checked-source.ts'
import { refuseTooLarge } from './checks/size-limit.ts'
import { readDockerIgnore } from './files/docker-ignore.ts'
import { systemCode, unwritable } from './source-failures.ts'
import { type ReadZip, readZip } from './zip/read-zip.ts'
import { badZip } from './zip/zip-failures.ts'

export interface ZipBundleRequest {
  /** The zip; absolute. */
  file: string
  signal: AbortSignal
  clock?: Clock
  onWarning?: (sentence: string) => void
}

/**
 * Takes a zip that is there as the bundle, checked as the platform will read it. Its bytes stay as they are; a copy is what is checked and
 * sent, so that nobody exchanges it in between.
 * @throws SourceError when it can't be unpacked or the platform would not run it.
 */
export async function bundleZip(request: ZipBundleRequest): Promise<Bundle> {
  const { file, signal, clock = systemClock } = request
  const warnings: string[] = []
  const onWarning = (sentence: string) => {
    warnings.push(sentence)
    request.onWarning?.(sentence)
  }
  await refuseNoFile(file)
  const directory = await makeBundleDirectory(clock)
  const dispose = () => rm(directory, { recursive: true, force: true })
  try {
    const path = join(directory, 'bundle.zip')
    await copyFile(file, path, constants.COPYFILE_FICLONE).catch((error: unknown) => {
      throw systemCode(error) === 'EACCES'
        ? badZip(file, 'it may not be read', error)
        : unwritable(path, error)
    })
    const { size: bytes } = await stat(path)
    const read = await readZip(path, file, signal)
    refuseTooLarge(bytes, read.entries)
    const checked = await checkBundle(zipSource(file, read), onWarning)
    return { path, bytes, digest: read.digest, entries: read.entries, ...checked, warnings, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function refuseNoFile(file: string): Promise<void> {
  const stats = await stat(file).catch((error: unknown) => {
    throw badZip(file, systemCode(error) === 'ENOENT' ? 'there is no such file' : String(error), error)
  })
  if (!stats.isFile())
    throw badZip(file, stats.isDirectory() ? 'it is a directory' : 'it is not a regular file')
}

/** A zip as the checks look at it: its own ignore file counts for the build on the instance, and what isn't in it isn't anywhere. */
function zipSource(file: string, { entries, contents }: ReadZip): CheckedSource {
  const textOf = (path: string) => {
    const content = contents.get(path)
    return content && withoutMark(content.toString())
  }
  const docker = readDockerIgnore(textOf)
  return {
    ...{ name: file, directory: undefined, entries, textOf },
    selection: {
      reason: () => undefined,
      inBuildContext: (path) => !docker.ignores(path),
      hiddenFromBuild: docker.culprit,
      ignoreFile: docker.file,
    },
    appending: (line, name) => `echo ${line} >> ${name}   # in its source; then make the zip again`,
  }
}
