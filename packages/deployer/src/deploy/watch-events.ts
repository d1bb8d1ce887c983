import { EventTail } from '../beanstalk/events.ts'
import { isPassing, pause } from '../beanstalk/poll.ts'
import type { BeanstalkEvent } from '../beanstalk/ports.ts'
import type { DeployTarget } from '../config/target.ts'
import { type Tools, waiting } from './tools.ts'

/** The newest events, oldest first. */
export function recentEvents(
  { application, environment }: DeployTarget,
  { cloud, signal }: Tools,
  wanted: { max: number; severity: string | undefined },
): Promise<BeanstalkEvent[]> {
  const { max, severity } = wanted
  return cloud.beanstalk.describeEvents(
    { application, environment, max, ...(severity ? { severity } : {}) },
    signal,
  )
}

/** Events as they come, after `since`, until the signal is aborted. */
export async function* newEvents(
  { application, environment }: DeployTarget,
  { since, severity }: { since: Date; severity: string | undefined },
  tools: Tools,
): AsyncGenerator<BeanstalkEvent> {
  const tail = new EventTail(tools.cloud.beanstalk, { application, environment, startedAt: since, severity })
  // Following has no deadline of its own: it is what was asked for, and Ctrl-C ends it.
  const forever = waiting({ ...tools, deadline: Infinity })
  for (let failures = 0; ;) {
    try {
      yield* await tail.next(tools.signal)
      failures = 0
    } catch (error) {
      if (!isPassing(error)) throw error
      failures += 1
    }
    await pause(forever, failures)
  }
}
