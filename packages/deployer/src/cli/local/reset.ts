import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LucreeError } from '../../errors.ts'
import { isStateDirectory } from './state-dir.ts'
import { ensureServer } from './start.ts'
import type { Around } from './server.ts'
import { readServerRecord } from './server-record.ts'
import { stopServer } from './stop.ts'

/**
 * What stays until the end: what the runtimes know to be running, of which a server ends all that belongs to no environment, and what makes the
 * directory an account's, so that a reset that is broken off can be done again.
 */
const LAST = ['runtime', 'account.json']

export interface ResetOptions {
  dir: string
  environment: Record<string, string | undefined>
  /** Called with a sentence when something may have stayed behind. */
  warn: (message: string) => void
}

/** Removes the account of a state directory with all that runs in it. Gives false when there is none. */
export async function resetServer(
  { dir, environment, warn }: ResetOptions,
  around: Around,
): Promise<boolean> {
  if (!(await isStateDirectory(dir))) return false
  const record = await readServerRecord(dir)
  await stopServer(dir, around)
  const runtime = record?.runtime === 'docker' || record?.runtime === 'process' ? record.runtime : undefined
  await forgetAccount(dir)
  await endInstances(dir, { dir, environment, runtime }, around, warn)
  await rm(dir, { recursive: true, force: true })
  return true
}

async function forgetAccount(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!LAST.includes(name)) await rm(join(dir, name), { recursive: true, force: true })
  }
}

/** Serves the emptied account for a moment: its server ends every instance that belongs to no environment. */
async function endInstances(
  dir: string,
  options: Parameters<typeof ensureServer>[0],
  around: Around,
  warn: (message: string) => void,
): Promise<void> {
  try {
    await ensureServer(options, around)
    await stopServer(dir, around)
  } catch (error) {
    if (!(error instanceof LucreeError) || error.exitCode === 130) throw error
    warn(`Applications that ran in it may still be running: ${error.message}: ${error.why ?? error.code}`)
  }
}
