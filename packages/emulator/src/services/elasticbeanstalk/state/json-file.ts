import { readFile, rm } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import type { z } from 'zod'
import { EmulatorError } from '../../../errors.ts'

/** One value that lives in a JSON file and in memory, the same in both. */
export interface JsonFile<T> {
  readonly value: T
  /**
   * Changes a draft of the value and resolves, with what `change` returned, once the file holds it. Changes happen one after the other. A
   * change that throws, or that can't be written, leaves the value as it was.
   */
  change<R>(change: (draft: T) => R): Promise<R>
  remove(): Promise<void>
}

/** A file that isn't there yet: `initial` is written by the first change, or by {@link createJsonFile}. */
export function jsonFile<T>(path: string, initial: T): JsonFile<T> {
  let value = initial
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
  return {
    get value() {
      return value
    },
    change: (change) =>
      inTurn(async () => {
        const draft = structuredClone(value)
        const result = change(draft)
        await write(path, draft)
        value = draft
        return result
      }),
    remove: () => inTurn(() => rm(path, { force: true })),
  }
}

/** Writes the file before it answers. */
export async function createJsonFile<T>(path: string, value: T): Promise<JsonFile<T>> {
  await write(path, value)
  return jsonFile(path, value)
}

/** Reads the file; `whenMissing` stands in for one that isn't there. Throws EmulatorError `StateUnreadable` that names a file that doesn't hold what it should. */
export async function readJsonFile<T>(
  path: string,
  schema: z.ZodType<T>,
  whenMissing?: T,
): Promise<JsonFile<T>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && whenMissing !== undefined)
      return jsonFile(path, whenMissing)
    throw error
  }
  try {
    return jsonFile(path, schema.parse(JSON.parse(text)))
  } catch (cause) {
    throw new EmulatorError(
      'StateUnreadable',
      `${path} isn't state that this version of the emulator wrote`,
      { cause },
    )
  }
}

/** Replaced in one step and flushed: whoever reads it after a kill -9 finds the old or the new whole. */
async function write(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(value, null, 1), { mode: 0o600 })
}
