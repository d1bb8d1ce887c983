import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { unwritable } from './source-failures.ts'

const PREFIX = 'lucree-bundle-'
/** No deploy takes longer, ms: what is older was left by one that was killed. */
const LEFT_AFTER_MS = 24 * 60 * 60 * 1_000

/**
 * Makes a temporary directory (0700) for one bundle, and removes those that a killed lucree of this user left behind a day ago or longer.
 * @throws SourceError when none can be made.
 */
export async function makeBundleDirectory(clock: Clock): Promise<string> {
  const parent = tmpdir()
  await removeLeft(parent, clock.now() - LEFT_AFTER_MS)
  return mkdtemp(join(parent, PREFIX)).catch((error: unknown) => {
    throw unwritable(parent, error)
  })
}

async function removeLeft(parent: string, before: number): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  const left = names.filter((name) => name.startsWith(PREFIX)).map((name) => join(parent, name))
  await Promise.all(
    left.map(async (path) => {
      try {
        const { uid, mtimeMs } = await stat(path)
        if (uid === process.getuid?.() && mtimeMs < before) await rm(path, { recursive: true, force: true })
      } catch {
        // Somebody else removes it, or it can't be removed: nothing of this bundle depends on that.
      }
    }),
  )
}
