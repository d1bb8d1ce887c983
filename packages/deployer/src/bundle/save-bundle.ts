import { constants, copyFile, rename, rm, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../errors.ts'
import { systemCode, unwritable } from './source-failures.ts'

/**
 * Copies a zip to where it was asked for, as a file of mode 0600 that is there whole or not at all; a file of that name is replaced.
 * @throws UsageError `LUC-USAGE-OUTPUT` for a place where no file can be; SourceError when it can't be written.
 */
export async function saveBundle(zip: string, to: string): Promise<void> {
  await refusePlace(to)
  const partial = join(dirname(to), `.${basename(to)}.${randomUUID()}.partial`)
  try {
    // The zip has the mode 0600, and a copy of it too.
    await copyFile(zip, partial, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { force: true })
    throw systemCode(error) ? unwritable(to, error) : error
  }
}

/**
 * Refuses a place where no bundle can be written, before one is made.
 * @throws UsageError `LUC-USAGE-OUTPUT`.
 */
export async function refusePlace(to: string): Promise<void> {
  const there = await stat(to).catch(() => undefined)
  if (there?.isDirectory()) throw noPlace(`${to} is a directory`, `--output ${join(to, 'bundle.zip')}`)
  if (there && !there.isFile()) throw noPlace(`${to} is not a regular file`, '--output bundle.zip')
  const directory = await stat(dirname(to)).catch(() => undefined)
  if (!directory?.isDirectory())
    throw noPlace(`there is no directory ${dirname(to)}`, 'Name a file in a directory that is there.')
}

function noPlace(why: string, hint: string): UsageError {
  return new UsageError("The bundle can't be written there", { code: 'LUC-USAGE-OUTPUT', why, hints: [hint] })
}
