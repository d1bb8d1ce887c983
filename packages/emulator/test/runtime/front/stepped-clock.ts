import type { Clock } from '../../../src/clock.ts'

/** A clock that stands still until it is told how much time has passed. */
export interface SteppedClock extends Clock {
  pass(ms: number): void
}

export function steppedClock(): SteppedClock {
  let now = 1_700_000_000_000
  const sleepers = new Set<{ until: number; wake: () => void }>()
  return {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          sleepers.delete(sleeper)
          resolve()
        }
        const sleeper = { until: now + ms, wake: end }
        sleepers.add(sleeper)
        const off = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason as Error)
        }
        if (signal?.aborted === true) off()
        else signal?.addEventListener('abort', off, { once: true })
      }),
    pass(ms) {
      now += ms
      for (const { until, wake } of [...sleepers]) if (until <= now) wake()
    },
  }
}
