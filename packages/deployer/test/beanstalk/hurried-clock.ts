import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'

/** A clock that runs `factor` times as fast as the real one, and shows a time that is `aheadMs` off; it may jump with every look. */
export class HurriedClock implements Clock {
  readonly #factor: number
  readonly #began = performance.now()
  aheadMs: number
  readonly #jumpMs: number

  constructor(factor: number, { aheadMs = 0, jumpMs = 0 } = {}) {
    this.#factor = factor
    this.aheadMs = aheadMs
    this.#jumpMs = jumpMs
  }

  /** Milliseconds since the clock was made, by its own speed. */
  get elapsedMs(): number {
    return (performance.now() - this.#began) * this.#factor
  }

  now(): number {
    this.aheadMs += this.#jumpMs
    return 1_795_000_000_000 + this.elapsedMs + this.aheadMs
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await delay(ms / this.#factor, undefined, signal ? { signal } : {})
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  }
}
