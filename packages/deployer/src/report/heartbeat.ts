import type { Clock } from '../clock.ts'

/** Calls `beat` every `intervalMs` milliseconds until the returned function is called. */
export function startHeartbeat(clock: Clock, intervalMs: number, beat: () => void): () => void {
  const ending = new AbortController()
  void beatUntil(ending.signal, clock, intervalMs, beat)
  return () => ending.abort()
}

async function beatUntil(
  signal: AbortSignal,
  clock: Clock,
  intervalMs: number,
  beat: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(intervalMs, signal)
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    beat()
  }
}
