import { afterEach } from 'vitest'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/index.ts'
import { scratch } from './local-account.ts'

const all: Emulator[] = []
afterEach(async () => {
  for (const emulator of all.splice(0)) await emulator.close()
})

/** An emulator in this process, on a directory of its own unless one is given; closed after the test. */
export async function started(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const dir = options.dir ?? (await scratch())
  const emulator = await startEmulator({ runtime: 'process', ...options, dir })
  all.push(emulator)
  return emulator
}

/** What an SDK client is made with; it marks the credentials that it is given, so it gets its own. */
export const clientOf = ({ url, region, credentials }: Pick<Emulator, 'url' | 'region' | 'credentials'>) => ({
  endpoint: url,
  region,
  credentials: { ...credentials },
  maxAttempts: 1,
})
