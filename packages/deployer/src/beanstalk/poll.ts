import type { Clock } from '../clock.ts'
import { CloudError } from '../errors.ts'

/** How a wait goes on: everything that it needs from outside. */
export interface Waiting {
  clock: Clock
  signal: AbortSignal
  /** Milliseconds between two looks; jittered by a fifth either way, so that many waits don't ask in step. */
  intervalMs: number
  /** Milliseconds since the epoch at which the wait gives up. */
  deadline: number
  /** Between 0 and 1; for tests. */
  random?: () => number
}

/** The longest pause between two looks while calls are throttled, ms. */
const LONGEST_PAUSE_MS = 60_000

/**
 * Pauses until the next look is due. `failures` is how many looks in a row have failed: each doubles the pause. Answers false, at once, when the
 * deadline would come first.
 */
export async function pause(waiting: Waiting, failures = 0): Promise<boolean> {
  const { clock, signal, deadline } = waiting
  signal.throwIfAborted()
  const left = deadline - clock.now()
  if (left <= 0) return false
  await clock.sleep(Math.min(pauseMs(waiting, failures), left), signal)
  return true
}

/** Milliseconds until the next look: a pure function of interval, failures and chance. */
export function pauseMs(
  { intervalMs, random = Math.random }: Pick<Waiting, 'intervalMs' | 'random'>,
  failures: number,
): number {
  const backedOff = Math.min(intervalMs * 2 ** Math.min(failures, 10), Math.max(intervalMs, LONGEST_PAUSE_MS))
  return Math.round(backedOff * (0.8 + random() * 0.4))
}

/** A failure that a later look may not meet: throttling, a server's error, a lost connection. A failed look never fails a deploy. */
export function isPassing(error: unknown): boolean {
  return error instanceof CloudError && error.transient
}

/**
 * Looks until `look` answers something, or undefined at the deadline. Passing failures are waited out, others thrown.
 */
export async function lookUntil<T>(
  waiting: Waiting,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  let failures = 0
  for (;;) {
    try {
      const seen = await look()
      if (seen !== undefined) return seen
      failures = 0
    } catch (error) {
      if (!isPassing(error)) throw error
      failures += 1
    }
    if (!(await pause(waiting, failures))) return undefined
  }
}
