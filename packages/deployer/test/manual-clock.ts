import type { Clock } from '../src/clock.ts'

/** A clock whose sleeps take no time: it only moves on. */
export class ManualClock implements Clock {
  readonly slept: number[] = []
  #now = 0

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    this.#now += ms
    this.slept.push(ms)
    return Promise.resolve()
  }
}
