import { setTimeout as delay } from 'node:timers/promises'

export interface Load {
  requests: number
  /** What went wrong, each with the time since the beginning. */
  failures: string[]
  /** Bodies that were answered, each once, in the order in which they first came. */
  bodies: string[]
  /** Longest time from one good answer to the next, ms. */
  longestGapMs: number
}

const EVERY_MS = 20
const AT_MOST = 3_000

/** Asks every 20 ms (50 requests a second), for a minute at most, until `work` is over and a little longer. A redirect, an error and anything but 200 is a failure. */
export async function underLoad(url: string, work: () => Promise<unknown>): Promise<Load> {
  const load: Load = { requests: 0, failures: [], bodies: [], longestGapMs: 0 }
  const began = performance.now()
  let lastGood = began
  const one = async () => {
    try {
      const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
      const body = await answer.text()
      if (answer.status !== 200) throw new Error(`status ${answer.status}`)
      if (!load.bodies.includes(body)) load.bodies.push(body)
      load.longestGapMs = Math.round(Math.max(load.longestGapMs, performance.now() - lastGood))
      lastGood = performance.now()
    } catch (error) {
      const { cause } = error as Error
      load.failures.push(`${Math.round(performance.now() - began)} ms: ${String(cause ?? error)}`)
    }
  }
  let over = false
  const working = work().finally(() => (over = true))
  const asked: Promise<void>[] = []
  for (let after = 0; after < 25 && load.requests < AT_MOST; after += over ? 1 : 0) {
    load.requests += 1
    asked.push(one())
    await delay(EVERY_MS)
  }
  await working
  await Promise.all(asked)
  return load
}
