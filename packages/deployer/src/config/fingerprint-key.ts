import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Variables } from './settings.ts'

/**
 * The key of {@link Sensitive.fingerprint}: 32 random bytes of this user on this machine, made on first use. Fingerprints can so be
 * compared by one person over time, and nobody else can find a short value by trying. It lies in `$XDG_STATE_HOME/lucree` (without the
 * variable in `~/.local/state/lucree`) with mode 0600.
 */
export async function fingerprintKey(variables: Variables, home = homedir()): Promise<string> {
  // The specification has a relative path ignored.
  const xdg = variables['XDG_STATE_HOME']
  const state = xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'state')
  const file = join(state, 'lucree', 'fingerprint-key')
  try {
    return (await readKey(file)) ?? (await createKey(file))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`The key for fingerprints can't be kept in ${file}`, {
      code: 'LUC-USAGE-STATE',
      why: error instanceof Error ? error.message : String(error),
      hints: ['Point XDG_STATE_HOME to a directory that you can write to.'],
      cause: error,
    })
  }
}

async function readKey(file: string): Promise<string | undefined> {
  const key = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (key === undefined) return undefined
  if (!/^[0-9a-f]{64}$/.test(key)) {
    throw new UsageError(`${file} does not hold a key`, {
      code: 'LUC-USAGE-STATE',
      hints: [`Remove it; lucree makes another, and fingerprints change: rm "${file}"`],
    })
  }
  if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600)
  return key
}

/** Written aside and linked into place, which fails when another lucree was first: then its key is the one. */
async function createKey(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(aside, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  try {
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await unlink(aside)
  }
  return (await readKey(file)) as string
}
