import type { Clock } from '../clock.ts'
import { TimedOut } from '../errors.ts'

/** Runs what has to be tried even after Ctrl-C, for at most `ms` milliseconds: its signal is aborted then, by nothing else. */
export async function withinTime<T>(
  clock: Clock,
  ms: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const done = new AbortController()
  const late = new TimedOut('AWS did not answer in time', {
    code: 'LUC-AWS-SILENT',
    why: `there was no answer for ${Math.round(ms / 1_000)} s`,
  })
  void clock.sleep(ms, done.signal).then(
    () => limit.abort(late),
    () => undefined,
  )
  try {
    return await run(limit.signal)
  } finally {
    done.abort()
  }
}
