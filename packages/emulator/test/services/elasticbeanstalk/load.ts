import { systemClock } from '../../../src/clock.ts'

/** What a load came to. */
export interface Tally {
  requests: number
  /** What went wrong: a status that isn't 200, or no answer. */
  failures: string[]
  /** Different bodies, in the order in which they were first seen. */
  bodies: string[]
  longestGapMs: number
}

/** Few enough for a small machine, and never all at rest at the same time. */
const askers = 4
const pauseMs = 4

/** Asks the addresses all the time, also for what takes a while, until the returned function is called; that answers what came of it. */
export function loadOn(...addresses: (string | undefined)[]): () => Promise<Tally> {
  const tally: Tally = { requests: 0, failures: [], bodies: [], longestGapMs: 0 }
  let over = false
  let lastGood = performance.now()
  const ask = async (url: string) => {
    try {
      const answer = await fetch(url)
      const body = await answer.text()
      if (answer.status !== 200) tally.failures.push(`${url}: ${answer.status}`)
      else if (!tally.bodies.includes(body)) tally.bodies.push(body)
    } catch (error) {
      tally.failures.push(`${url}: ${(error as Error).message} ${String((error as Error).cause)}`)
    }
    const now = performance.now()
    tally.longestGapMs = Math.max(tally.longestGapMs, Math.round(now - lastGood))
    lastGood = now
    tally.requests += 1
  }
  const running = Array.from({ length: askers }, async (_, index) => {
    const address = addresses[index % addresses.length]
    while (!over) {
      await ask(`http://${address}${index === askers - 1 ? '/slow' : '/'}`)
      await systemClock.sleep(pauseMs)
    }
  })
  return async () => {
    over = true
    await Promise.all(running)
    return tally
  }
}
