import { createEnvironment as requestEnvironment } from '../beanstalk/environment.ts'
import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import type { EnvironmentChange } from '../beanstalk/events.ts'
import { lookUntil } from '../beanstalk/poll.ts'
import type { Beanstalk } from '../beanstalk/ports.ts'
import { CloudError } from '../errors.ts'
import { type Tools, waiting } from './tools.ts'

/** Beanstalk's words for a profile that it can't see yet, as an answer or as an event (facts sheet §2.2). */
const PROFILE_UNSEEN =
  /must have instance profile|instance profile.*(does not exist|invalid)|invalid iaminstanceprofile/i
/** What happens before Beanstalk looks at the profile. */
const PRELUDE = /^createEnvironment is starting|^Using elasticbeanstalk-/
/** How long a profile that was just made may stay unseen, and how long Beanstalk takes to look at it, ms. */
const PATIENCE_MS = 60_000
const VERDICT_MS = 20_000

type Request = Parameters<Beanstalk['createEnvironment']>[0]

/**
 * Asks for a new environment. A profile that was made just now is seen by Beanstalk only after some seconds; until then it refuses, at once or by
 * letting the launch fail. That is waited out, for a minute at most, and asked for again.
 */
export async function createEnvironment(
  request: Request,
  { freshProfile }: { freshProfile: boolean },
  tools: Tools,
): Promise<EnvironmentChange> {
  const { cloud, clock, signal } = tools
  const ask = () => requestEnvironment(cloud.beanstalk, request, clock, signal)
  if (!freshProfile) return ask()
  let last: CloudError | undefined
  const change = await lookUntil(waiting(tools, PATIENCE_MS), async () => {
    try {
      const asked = await ask()
      if (!(await failedForProfile(asked, tools))) return asked
    } catch (error) {
      if (!(error instanceof CloudError) || !PROFILE_UNSEEN.test(error.why ?? '')) throw error
      last = error
    }
    tools.progress.emit({
      kind: 'note',
      message: 'Beanstalk does not see the new instance profile yet; asking again',
    })
    return undefined
  })
  if (change) return change
  throw (
    last ??
    new CloudError('Beanstalk does not see the new instance profile', {
      code: 'LUC-ACCOUNT-IAM-LATE',
      awsCode: undefined,
      transient: false,
      why: 'it was made a minute ago, and IAM takes seconds, rarely minutes, to spread it',
      hints: ['lucree deploy   # carries on'],
    })
  )
}

/** Whether the launch ended because of the profile; known as soon as the environment's events go on past their beginning. */
async function failedForProfile(change: EnvironmentChange, tools: Tools): Promise<boolean> {
  const { beanstalk } = tools.cloud
  const { application, environment, requestId } = change
  const since = change.startedAt
  const verdict = await lookUntil(waiting(tools, VERDICT_MS), async () => {
    // Changes of health carry no request's id and say nothing of the launch (facts sheet §3.2).
    const events = (await beanstalk.describeEvents({ application, environment, since }, tools.signal)).filter(
      (event) => event.requestId === requestId,
    )
    if (events.some(({ message }) => PROFILE_UNSEEN.test(message))) return 'failed'
    return events.some(({ message }) => !PRELUDE.test(message)) ? 'goes on' : undefined
  })
  if (verdict !== 'failed') return false
  // It goes away by itself; one that stays is told of as any other failed launch.
  const end = await lookUntil(waiting(tools), async () => {
    const [still] = await beanstalk.describeEnvironments({ application, environment }, tools.signal)
    if (!still) return 'gone'
    return EnvironmentStatus.of(still).isReady ? 'stays' : undefined
  })
  return end === 'gone'
}
