import { type EnvironmentChange, followChange } from '../beanstalk/events.ts'
import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import type { BeanstalkEvent, EnvironmentDescription } from '../beanstalk/ports.ts'
import { type Tools, waiting } from './tools.ts'

/** How a change ended, as far as its state tells. */
export interface Change {
  events: BeanstalkEvent[]
  environment: EnvironmentDescription | undefined
  /** False at the deadline: the change still goes on. */
  settled: boolean
}

/** Follows a change to its end or the deadline, and says what it sees. */
export async function follow(change: EnvironmentChange, tools: Tools): Promise<Change> {
  const { cloud, clock, progress, deadline } = tools
  const began = clock.now()
  const followed: Change = { events: [], environment: undefined, settled: false }
  for await (const seen of followChange(cloud.beanstalk, change, waiting(tools))) {
    if (seen.kind === 'event') {
      followed.events.push(seen.event)
      progress.emit({ kind: 'environment-event', ...seen.event })
      continue
    }
    followed.environment = seen.environment
    followed.settled = !seen.environment || EnvironmentStatus.of(seen.environment).isSettled
    progress.emit({
      kind: 'waiting',
      reason: `${change.environment} is ${seen.environment?.status ?? 'gone'}`,
      sinceMs: clock.now() - began,
      deadlineMs: deadline - began,
    })
  }
  return followed
}
