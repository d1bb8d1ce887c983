import { systemClock } from '../clock.ts'
import { Screen } from '../report/screen.ts'
import { reportBug } from './bug-report.ts'
import { ReaderGone } from './interrupts.ts'
import { outputModeOf } from './output-mode.ts'
import { scrubber } from './secrets.ts'
import { translateFailure } from './translate-failure.ts'

/** Says a failure in the form that the command line asks for, and gives the exit code. */
export async function fail(
  error: unknown,
  argv: string[],
  environment: Record<string, string | undefined>,
): Promise<number> {
  if (error instanceof ReaderGone) return 0
  const failure =
    translateFailure(error) ?? (await reportBug(error, { environment, scrubber, now: systemClock.now() }))
  new Screen({ ...outputModeOf(argv, environment), environment, clock: systemClock, scrubber }).failure(
    failure,
  )
  return failure.exitCode
}
