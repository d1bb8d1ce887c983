import type { Clock } from '../../clock.ts'

/** Calls something when nothing was heard for too long. */
export interface SilenceLimit {
  /** Something was heard just now. From now on the silence may last `limitMs`; without it as long as before. */
  heard(limitMs?: number): void
  stop(): void
}

/** `over` is called once, unless it was stopped before; then the limit is done. */
export function limitSilence(clock: Clock, limitMs: number, over: () => void): SilenceLimit {
  const controller = new AbortController()
  let limit = limitMs
  let last = clock.now().getTime()
  let waiting = new AbortController()
  const watch = async () => {
    for (;;) {
      const left = last + limit - clock.now().getTime()
      if (left <= 0) return over()
      waiting = new AbortController()
      const signal = AbortSignal.any([controller.signal, waiting.signal])
      // Called off: stopped, or the limit is another one.
      await clock.sleep(left, signal).catch(() => undefined)
      if (controller.signal.aborted) return
    }
  }
  void watch()
  return {
    heard(newMs = limit) {
      last = clock.now().getTime()
      if (newMs === limit) return
      limit = newMs
      waiting.abort()
    },
    stop: () => controller.abort(),
  }
}
