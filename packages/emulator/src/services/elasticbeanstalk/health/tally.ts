import type { Check } from './check.ts'
import type { Seen } from './judge.ts'

/** What the checks of one container came to. */
export interface Tally extends Seen {
  containerId: string
  /** Consecutive results of the same kind, the last one included. */
  successes: number
  failures: number
  /** When the application was asked for its path last, in milliseconds since 1970. */
  askedAt?: number
}

export function newTally(containerId: string): Tally {
  return { containerId, running: true, passing: undefined, successes: 0, failures: 0 }
}

/** The first success of a new container is enough to send it requests; after a failed verdict it takes as many as the check says. */
export function count(tally: Tally, ok: boolean, running: boolean, check: Check): Tally {
  const successes = ok ? tally.successes + 1 : 0
  const failures = ok ? 0 : tally.failures + 1
  const counted = { ...tally, running, successes, failures }
  if (!running || failures >= check.unhealthyCount) return { ...counted, passing: false }
  if (ok && (tally.passing === undefined || successes >= check.healthyCount))
    return { ...counted, passing: true }
  return counted
}
