import type { Clock } from '../../clock.ts'
import type { Pace } from '../../pace.ts'

/** How long things take, in the caller's own measure of time. */
export interface Tempo {
  /** Waits as long as the real service was seen to take, scaled. */
  take(seconds: number, signal: AbortSignal): Promise<void>
  /** Milliseconds between two looks at something that the real service looks at every `seconds`; never under {@link shortestLook}. */
  interval(seconds: number): number
  /** Milliseconds that a wait may last which the real service ends after `seconds`; at least `floorSeconds`, because real work is done. */
  limit(seconds: number, floorSeconds: number): number
}

/** Milliseconds: often enough for a person not to notice, rare enough for a small machine. */
export const shortestLook = 25

export function createTempo(setting: Pace, clock: Clock): Tempo {
  const factor = setting === 'fast' ? 0 : setting === 'real' ? 1 : setting
  if (!Number.isFinite(factor) || factor < 0)
    throw new RangeError(`The pace must be fast, real or a number of 0 or more, not ${setting}`)
  return {
    async take(seconds, signal) {
      signal.throwIfAborted()
      if (factor > 0 && seconds > 0) await clock.sleep(seconds * factor * 1000, signal)
    },
    interval: (seconds) => Math.max(shortestLook, seconds * factor * 1000),
    limit: (seconds, floorSeconds) => Math.max(floorSeconds, seconds * factor) * 1000,
  }
}
