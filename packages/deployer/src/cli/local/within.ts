import type { Clock } from '../../clock.ts'

/** The time for something was up. */
export class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp'
}

/** Runs `work` for at most `ms` milliseconds; its signal is aborted when the time is up, which throws {@link TimeIsUp}, or with the outer one. */
export async function within<T>(
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const either = AbortSignal.any([signal, ending.signal])
  const timeIsUp = clock.sleep(ms, either).then(() => {
    throw new TimeIsUp(`not done within ${ms} ms`)
  })
  try {
    return await Promise.race([work(either), timeIsUp])
  } finally {
    // The loser of the race rejects with this; that is how it ends and no failure.
    timeIsUp.catch(() => undefined)
    ending.abort()
  }
}
