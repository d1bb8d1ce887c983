import { readFile } from 'node:fs/promises'
import { EmulatorError } from '../errors.ts'

/** The parsed contents of a JSON file, `undefined` when there is none. Throws EmulatorError `StateUnreadable` on anything else. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new EmulatorError('StateUnreadable', `${path} can't be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}
