import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'

/** A clock that moves only when a test says so, and then wakes whoever slept that long. */
export class SteppingClock implements Clock {
  #now = 0
  #sleepers: { until: number; wake: () => void }[] = []

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      this.#sleepers.push({ until: this.#now + ms, wake: resolve })
    })
  }

  /** Moves on by `ms`, sleeper by sleeper. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await setImmediate()
      const next = this.#sleepers.sort((a, b) => a.until - b.until)[0]
      if (!next || next.until > end) break
      this.#sleepers.shift()
      this.#now = Math.max(this.#now, next.until)
      next.wake()
    }
    this.#now = end
    await setImmediate()
  }
}
