import open from 'open'
import { PlatformError } from '../errors.ts'

/** Starts the user's browser on an address. */
export async function browse(url: string): Promise<void> {
  try {
    await open(url)
  } catch (cause) {
    throw new PlatformError('The browser could not be started', {
      code: 'LUC-BROWSER',
      why: (cause as Error).message,
      hints: [`open ${url} yourself`],
      cause,
    })
  }
}
