import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Progress } from '../../deploy/progress.ts'
import { type Author, describeAuthor } from '../author.ts'
import { isPassing, pauseMs } from '../poll.ts'
import {
  type Holder,
  type LockDocument,
  type LockPlace,
  readLock,
  type SeenLock,
  writeLock,
} from './lock-document.ts'
import { held, unreadable } from './lock-failures.ts'

/** Milliseconds that a lock lives by; tests hand in shorter ones. */
export interface LockTimes {
  /** Silence after which a lease is anybody's. */
  ttlMs: number
  /** Between two signs of life of a holder. */
  beatMs: number
  /** Between two looks of one who waits, and between two attempts of a holder whose sign of life failed. */
  pollMs: number
}

/** A killed job frees its lock within ttl and one look of whoever waits; an outage of S3 shorter than the ttl loses none. */
export const LOCK_TIMES: LockTimes = { ttlMs: 30_000, beatMs: 10_000, pollMs: 2_000 }

/** How many looks or writes in a row may fail in passing. */
const MOST_FAILURES = 5

export interface Claim {
  author: Author
  /** The words of the command, without its arguments. */
  command: string
  /** The command as it can be given again, for a hint: with names, without values. Without it `command`. */
  again?: string | undefined
  kind: 'lease' | 'manual'
  message: string | undefined
  /** How long another's lease is waited for; 0 refuses at once. A manual lock is never waited for. */
  waitMs: number
  times: LockTimes
}

export interface Around {
  clock: Clock
  progress: Progress
  signal: AbortSignal
}

/** A lock that was just taken. */
export interface Acquired {
  etag: string
  document: LockDocument & { holder: Holder }
  waitedMs: number
  /** `clock.now()` just before the write that took it. */
  provenAt: number
}

/**
 * Takes the lock, or throws {@link LockHeld}. A lease is judged by one thing alone: its object didn't change for its time to live, counted by the
 * sleeps of the one who looks, or the process that holds it is known to have ended. No clock is compared with another's, and none is even read: a machine's clock may be hours off or set in between.
 * The take-over is a conditional write of the very object that was watched, so a holder that is only slow wins.
 */
export async function acquireLock(lock: LockPlace, claim: Claim, around: Around): Promise<Acquired> {
  const { times, waitMs } = claim
  const holder = newHolder(claim, around.clock)
  const watch = new Watch(times)
  let waitedMs = 0
  let failures = 0
  let provenAt = 0
  let said = false
  for (;;) {
    around.signal.throwIfAborted()
    const seen = await passing(() => readLock(lock, around.signal), failures)
    let failed = seen === 'unknown'
    if (seen !== 'unknown') {
      watch.see(seen)
      // Its own, when the answer to the write that took it was lost.
      if (seen?.document?.holder?.id === holder.id) return acquired(holder, seen, { provenAt, waitedMs })
      if (isFree(seen, watch, lock)) {
        provenAt = around.clock.now()
        const taken = await passing(() => take(lock, { holder, seen }, around), failures)
        if (taken && taken !== 'unknown') return acquired(holder, taken, { provenAt, waitedMs })
        if (!taken) continue
        failed = true
      } else {
        const owner = ownerOf(seen, lock)
        if (owner.kind === 'manual') throw held(lock.place, owner, claim.again ?? claim.command)
        if (waitedMs >= waitMs && !watch.isSuspect)
          throw held(lock.place, owner, claim.again ?? claim.command)
        if (!said) sayWhoHasIt(owner, around)
        said = true
        sayWaiting(owner, waitedMs, Math.max(waitMs, times.ttlMs), around)
      }
    }
    failures = failed ? failures + 1 : 0
    const ms = pauseMs({ intervalMs: times.pollMs }, 0)
    await around.clock.sleep(ms, around.signal)
    waitedMs += ms
    watch.slept(ms)
  }
}

/** Whether a holder has given no sign of life for so long, by the service's clock, that it is worth watching whether one still comes. */
export function isSilent(ageMs: number | undefined, { beatMs }: LockTimes): boolean {
  return (ageMs ?? 0) > 2 * beatMs
}

/** What one who waits knows of the lease before them: whether it changed, and how long they have slept while it didn't. */
class Watch {
  readonly #times: LockTimes
  #etag: string | undefined
  #ageMs: number | undefined
  #changed = false
  silentMs = 0

  constructor(times: LockTimes) {
    this.#times = times
  }

  see(seen: SeenLock | undefined): void {
    if (seen?.etag === this.#etag) return
    this.#changed = this.#etag !== undefined
    this.#etag = seen?.etag
    this.#ageMs = seen?.ageMs
    this.silentMs = 0
  }

  slept(ms: number): void {
    this.silentMs += ms
  }

  /**
   * The holder may be dead: it was silent for more than two signs of life when it was first seen, and has been since. Then even one who doesn't
   * wait for others watches it to the end. The age is the service's and only decides whether watching is worth while.
   */
  get isSuspect(): boolean {
    return !this.#changed && isSilent(this.#ageMs, this.#times)
  }
}

function isFree(seen: SeenLock | undefined, { silentMs }: Watch, { hasEnded }: LockPlace): boolean {
  if (!seen) return true
  if (!seen.document) return false
  const { holder } = seen.document
  if (holder === null) return true
  return holder.ttlMs !== null && (silentMs >= holder.ttlMs || hasEnded?.(holder) === true)
}

function ownerOf(seen: SeenLock | undefined, { place }: LockPlace): Holder {
  if (seen?.document?.holder) return seen.document.holder
  throw unreadable(place, seen?.unreadable ?? 'it is empty')
}

/** `unknown` when the call failed in passing and another may follow. */
async function passing<T>(call: () => Promise<T>, failures: number): Promise<T | 'unknown'> {
  try {
    return await call()
  } catch (error) {
    if (failures < MOST_FAILURES && isPassing(error)) return 'unknown'
    throw error
  }
}

/** Undefined when the lock isn't what was seen any more: somebody else was faster, or this very write was, whose answer was lost. */
async function take(
  lock: LockPlace,
  { holder, seen }: { holder: Holder; seen: SeenLock | undefined },
  { signal }: Around,
): Promise<{ etag: string; fence: number } | undefined> {
  if (!seen) await lock.makeBucket(signal)
  const fence = (seen?.fence ?? 0) + 1
  const document = { schema: 1 as const, fence, holder, freedBy: null }
  const written = await writeLock(lock, { document, replaces: seen?.etag }, signal)
  return written === 'conflict' ? undefined : { etag: written.etag, fence }
}

function acquired(
  holder: Holder,
  { etag, fence }: { etag: string; fence: number },
  times: Pick<Acquired, 'provenAt' | 'waitedMs'>,
): Acquired {
  return { etag, document: { schema: 1, fence, holder, freedBy: null }, ...times }
}

function newHolder({ author, command, kind, message, times }: Claim, clock: Clock): Holder {
  const { arn, host, pid, ciUrl = null, lucree } = author
  return {
    ...{ arn, host, pid, ciUrl, lucree },
    ...{ id: randomUUID(), kind, command, message: message ?? null },
    acquiredAt: new Date(clock.now()).toISOString(),
    ttlMs: kind === 'manual' ? null : times.ttlMs,
    beats: 0,
  }
}

function sayWhoHasIt(owner: Holder, { progress }: Around): void {
  const run = owner.ciUrl ? `, ${owner.ciUrl}` : ''
  progress.emit({
    kind: 'note',
    message: `Waiting for the lock: ${owner.command} of ${describeAuthor(owner)} has held it since ${owner.acquiredAt}${run}`,
  })
}

function sayWaiting(owner: Holder, sinceMs: number, deadlineMs: number, { progress }: Around): void {
  progress.emit({
    kind: 'waiting',
    reason: `${owner.command} on ${owner.host} holds the lock`,
    sinceMs,
    deadlineMs,
  })
}
