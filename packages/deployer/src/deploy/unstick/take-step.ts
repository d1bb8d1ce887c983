import { updateEnvironment } from '../../beanstalk/environment.ts'
import { EnvironmentStatus } from '../../beanstalk/environment-status.ts'
import { type EnvironmentChange, followChange } from '../../beanstalk/events.ts'
import { look } from '../../beanstalk/health.ts'
import { lookUntil } from '../../beanstalk/poll.ts'
import type { EnvironmentDescription } from '../../beanstalk/ports.ts'
import { CloudError } from '../../errors.ts'
import { stage, type Tools, waiting } from '../tools.ts'
import { expectedOf, type Looking, type Seen } from './look.ts'
import type { Step } from './plan.ts'

/** `refused`: AWS said no, and `why`. Whether a step that was done helped is seen by the next look. */
export interface StepEnd {
  outcome: 'done' | 'refused'
  why?: string
  /** How the environment stood when it was over. */
  status?: string
}

/** Takes one step and follows it until the environment is settled, falls silent for too long, or the deadline comes. */
export async function takeStep(step: Step, seen: Seen, looking: Looking, tools: Tools): Promise<StepEnd> {
  const { environment } = seen
  if (!environment) throw new TypeError('without an environment there is no step')
  const title = `${step.does.charAt(0).toUpperCase()}${step.does.slice(1)}`
  return stage(
    tools,
    title,
    async () => {
      try {
        const change = await request(step, environment, { seen, looking }, tools)
        await followWhileHeard(change, seen, tools, step.name === 'wait' ? seen.sight.quietMs : 0)
        await settle(looking, tools)
        const [now] = await tools.cloud.beanstalk.describeEnvironments(looking.target, tools.signal)
        return { outcome: 'done' as const, status: now?.status ?? 'Terminated' }
      } catch (error) {
        // A right that is missing, or a network that is down, is no reason to try something graver.
        if (!(error instanceof CloudError) || error.transient) throw error
        return { outcome: 'refused' as const, why: error.why ?? error.message }
      }
    },
    ({ why, status = 'gone' }: StepEnd) => (why ? `refused: ${why}` : `environment is ${status}`),
  )
}

/** Asks Beanstalk for what the step is. */
async function request(
  { name }: Step,
  environment: EnvironmentDescription,
  { seen, looking }: { seen: Seen; looking: Looking },
  tools: Tools,
): Promise<EnvironmentChange> {
  const { beanstalk } = tools.cloud
  const { application, name: of, id } = environment
  const { signal } = tools
  const begun = await tell(environment, tools)
  const asked = async (call: Promise<{ requestId: string }>) => ({ ...begun, ...(await call) })
  switch (name) {
    case 'wait':
      return begun
    case 'abort':
      await beanstalk.abortUpdate(of, signal)
      return begun
    case 'restart':
      return asked(beanstalk.restartApplication(of, signal))
    case 'redeploy': {
      const versionLabel = seen.lastGood?.version ?? environment.versionLabel
      if (versionLabel === undefined)
        throw new TypeError('a version is deployed again only where there is one')
      return updateEnvironment(beanstalk, { application, environment: of, versionLabel }, waiting(tools))
    }
    case 'restore': {
      const back = await seen.lastGood?.wayBack(seen.settings, looking.key, signal)
      const { settings = [], remove = [] } = back ?? {}
      const versionLabel = seen.lastGood?.version
      const update = {
        application,
        environment: of,
        settings,
        remove,
        ...(versionLabel ? { versionLabel } : {}),
      }
      return updateEnvironment(beanstalk, update, waiting(tools))
    }
    case 'revive':
      return { ...(await asked(beanstalk.rebuildEnvironment(id, signal))), before: undefined }
    case 'rebuild':
      return asked(beanstalk.rebuildEnvironment(id, signal))
    case 'terminate':
      return asked(
        EnvironmentStatus.of(environment).isReady
          ? beanstalk.terminateEnvironment(of, signal)
          : beanstalk.forceTerminate(of, signal),
      )
    default:
      return name satisfies never
  }
}

/** A change of somebody's that is under way, from its newest event on. */
async function tell(environment: EnvironmentDescription, tools: Tools): Promise<EnvironmentChange> {
  const { application, name } = environment
  const { cloud, clock, signal } = tools
  const newest = (
    await cloud.beanstalk.describeEvents({ application, environment: name, max: 1 }, signal)
  ).at(-1)
  const startedAt = newest ? new Date(newest.at.getTime() + 1) : new Date(clock.now())
  return { application, environment: name, requestId: '', startedAt, before: environment }
}

/** Follows a change and says what it sees; ends too when nothing was heard for as long as makes an operation stuck. */
async function followWhileHeard(
  change: EnvironmentChange,
  { sight: { stalledAfterMs } }: Seen,
  tools: Tools,
  quietMs: number,
): Promise<void> {
  const { cloud, clock, progress, deadline } = tools
  const began = clock.now()
  let heardAt = began - quietMs
  for await (const seen of followChange(cloud.beanstalk, change, waiting(tools))) {
    if (seen.kind === 'event') {
      heardAt = clock.now()
      progress.emit({ kind: 'environment-event', ...seen.event })
      continue
    }
    progress.emit({
      kind: 'waiting',
      reason: `${change.environment} is ${seen.environment?.status ?? 'gone'}`,
      sinceMs: clock.now() - began,
      deadlineMs: deadline - began,
    })
    if (clock.now() - heardAt >= stalledAfterMs) return
  }
}

/** A Ready environment is given the time that an application needs to start, and Beanstalk to see that it does. */
async function settle({ target }: Looking, tools: Tools): Promise<void> {
  const { beanstalk } = tools.cloud
  await lookUntil(waiting(tools, tools.graceMs), async () => {
    const [now] = await beanstalk.describeEnvironments(target, tools.signal)
    if (!now || !EnvironmentStatus.of(now).isReady) return 'not to be waited for'
    const proof = await look(beanstalk, expectedOf(now, target), tools.clock, tools.signal)
    return (proof.proven && now.health !== 'Red') || proof.final ? 'seen' : undefined
  })
}
