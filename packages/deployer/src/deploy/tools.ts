import type { LocalRuntime } from '../account/checks/engine.ts'
import type { AccountCloud } from '../account/ports.ts'
import type { HasEnded } from '../beanstalk/lock/lock-document.ts'
import type { Waiting } from '../beanstalk/poll.ts'
import type { Clock } from '../clock.ts'
import type { Progress } from './progress.ts'

/** What every story of this room works with. */
export interface Tools {
  cloud: AccountCloud
  clock: Clock
  progress: Progress
  signal: AbortSignal
  /** Milliseconds since the epoch at which waiting ends. */
  deadline: number
  /** Milliseconds between two looks at the service. */
  intervalMs: number
  /** How long an application that doesn't answer yet is given after its deployment, ms. */
  graceMs: number
  /** How long a version must have run and answered since its deployment before it counts as deployed, ms. */
  steadyMs: number
  /** Milliseconds from one request of the probe to the next. */
  probeMs: number
  /** Whether a process that holds a lock has ended; with the embedded Beanstalk, all whose users run on this machine. */
  hasEnded?: HasEnded | undefined
  /** What runs applications on this machine, with the embedded Beanstalk. */
  runtime?: LocalRuntime | undefined
}

/** A wait that ends at the deadline, or `withinMs` from now when that is sooner. */
export function waiting(tools: Tools, withinMs = Infinity): Waiting {
  const { clock, signal, intervalMs, deadline } = tools
  return { clock, signal, intervalMs, deadline: Math.min(deadline, clock.now() + withinMs) }
}

/** Runs one stage of a story, said before and after. `detail` puts what it gave in a few words. */
export async function stage<T>(
  { progress, clock, signal }: Tools,
  title: string,
  run: () => Promise<T>,
  detail: (given: T) => string,
): Promise<T> {
  signal.throwIfAborted()
  const began = clock.now()
  progress.emit({ kind: 'stage-started', stage: title, title })
  const given = await run()
  progress.emit({ kind: 'stage-done', stage: title, detail: detail(given), durationMs: clock.now() - began })
  return given
}
