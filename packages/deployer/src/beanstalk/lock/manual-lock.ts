import type { Author } from '../author.ts'
import { type Around, acquireLock, LOCK_TIMES } from './acquire.ts'
import {
  type HasEnded,
  type Holder,
  type LockPlace,
  readLock,
  type SeenLock,
  writeLock,
} from './lock-document.ts'

/** Locks by hand: without signs of life, until somebody unlocks. Throws {@link LockHeld}. */
export async function lockByHand(
  lock: LockPlace,
  { author, message, waitMs }: { author: Author; message: string | undefined; waitMs: number },
  around: Around,
): Promise<Holder> {
  const claim = {
    author,
    command: 'lucree lock',
    kind: 'manual',
    message,
    waitMs,
    times: LOCK_TIMES,
  } as const
  return (await acquireLock(lock, claim, around)).document.holder
}

/**
 * Whether a lease has given a sign of life so lately, by the service's clocks, that its holder has to be taken for alive; `hasEnded` knows of those
 * that ran on this machine.
 */
export function looksAlive({ ageMs, document }: SeenLock, hasEnded: HasEnded | undefined): boolean {
  const holder = document?.holder
  if (holder?.ttlMs == null || hasEnded?.(holder)) return false
  return ageMs === undefined || ageMs < holder.ttlMs
}

/**
 * Takes a lock from whoever has it, if it is still as it was `seen`; the number stays, so that what its holder still writes fails. False when somebody
 * wrote meanwhile. `force` also takes one that gave a sign of life meanwhile.
 */
export async function unlock(
  lock: LockPlace,
  { seen, author, force }: { seen: SeenLock; author: Author; force: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const { arn, host, pid, ciUrl = null, lucree } = author
  const command = force ? 'lucree unlock --force' : 'lucree unlock'
  const freedBy = { arn, host, pid, ciUrl, lucree, command }
  let there: SeenLock | undefined = seen
  // A holder that lives writes every ten seconds: a few rounds always find a gap.
  for (let round = 0; there && round < 5; round += 1) {
    const document = { schema: 1 as const, fence: there.fence, holder: null, freedBy }
    if ((await writeLock(lock, { document, replaces: there.etag }, signal)) !== 'conflict') return true
    there = await readLock(lock, signal)
    if (there?.document?.holder === null) return there.document.freedBy?.pid === pid
    if (!force || there?.document?.holder?.id !== seen.document?.holder?.id) return false
  }
  return false
}
