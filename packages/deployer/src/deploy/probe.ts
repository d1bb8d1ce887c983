import { ask, isGood } from '../beanstalk/health.ts'
import type { Clock } from '../clock.ts'

/** What the application's users met while something was changed, as measured from this machine. */
export interface Probe {
  requests: number
  failed: number
  /** Longest time from one good answer to the next, ms; without a failure between them it is no longer than the probe's pause and an answer take. */
  longestGapMs: number
}

/** What is asked, and how often. */
export interface Probed {
  /** The environment's address. */
  url: string
  healthCheck: string
  /** Milliseconds from one request to the next. */
  everyMs: number
}

/**
 * Runs `run` and asks the application all the while, each time over a connection of its own as a new visitor would. `probed` is undefined when
 * nothing serves yet: then nothing is measured. What `run` throws is thrown once the probe has ended.
 */
export async function whileProbing<T>(
  probed: Probed | undefined,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  run: (soFar: () => Probe | undefined) => Promise<T>,
): Promise<T> {
  if (!probed) return run(() => undefined)
  const tally = new Tally()
  const over = new AbortController()
  const probing = probe(probed, { clock, signal: AbortSignal.any([signal, over.signal]) }, tally)
  try {
    return await run(() => tally.probe)
  } finally {
    over.abort()
    await probing
  }
}

async function probe(
  { url, healthCheck, everyMs }: Probed,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  tally: Tally,
): Promise<void> {
  while (!signal.aborted) {
    const began = clock.now()
    const answer = await unlessAborted(signal, () => ask(url, healthCheck, clock, signal))
    // A request that was cut short by the end of the change says nothing.
    if (!answer) return
    tally.add(isGood(answer, healthCheck), clock.now())
    const left = Math.max(0, everyMs - (clock.now() - began))
    await unlessAborted(signal, () => clock.sleep(left, signal))
  }
}

async function unlessAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

/** Counts answers; a gap that is still open counts up to the last request. */
export class Tally {
  #requests = 0
  #failed = 0
  #longestGapMs = 0
  #lastGoodAt: number | undefined

  /** `at`: when the answer came, or was given up, in milliseconds. */
  add(good: boolean, at: number): void {
    this.#requests += 1
    if (!good) this.#failed += 1
    this.#lastGoodAt ??= at
    this.#longestGapMs = Math.max(this.#longestGapMs, at - this.#lastGoodAt)
    if (good) this.#lastGoodAt = at
  }

  get probe(): Probe {
    return { requests: this.#requests, failed: this.#failed, longestGapMs: this.#longestGapMs }
  }
}

/** The measurement as one clause. */
export function describeProbe({ requests, failed, longestGapMs }: Probe): string {
  return `${failed} of ${requests} requests failed, longest gap ${longestGapMs} ms`
}
