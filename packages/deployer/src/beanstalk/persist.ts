import type { Clock } from '../clock.ts'
import { isPassing, pauseMs } from './poll.ts'

/** Runs a call again while it fails in passing (throttling, a server's error, a lost connection), for about `forMs` milliseconds; then throws its failure. */
export async function persist<T>(
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  call: () => Promise<T>,
  forMs = 30_000,
): Promise<T> {
  let sleptMs = 0
  for (let failures = 0; ; failures += 1) {
    try {
      return await call()
    } catch (error) {
      if (!isPassing(error) || sleptMs >= forMs) throw error
      const ms = pauseMs({ intervalMs: 500 }, failures)
      await clock.sleep(ms, signal)
      sleptMs += ms
    }
  }
}
