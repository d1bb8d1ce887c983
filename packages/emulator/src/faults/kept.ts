import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { EmulatorError } from '../errors.ts'
import { readJsonFile } from '../state/json-file.ts'
import { armingSchema, type Arming } from './arming.ts'

const pathIn = (dir: string) => join(dir, 'faults.json')

/** Writes the faults that are there again after a restart; without any there is no file. */
export const writeKept = (dir: string, kept: Arming[]): Promise<void> =>
  kept.length === 0
    ? rm(pathIn(dir), { force: true })
    : writeFileAtomic(pathIn(dir), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })

/** Throws EmulatorError `StateUnreadable`. */
export async function readKept(dir: string): Promise<Arming[]> {
  const read = z.array(armingSchema).safeParse((await readJsonFile(pathIn(dir))) ?? [])
  if (read.success) return read.data
  throw new EmulatorError(
    'StateUnreadable',
    `${pathIn(dir)} does not hold armed faults: ${z.prettifyError(read.error)}`,
  )
}
