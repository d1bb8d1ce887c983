import { type EnvironmentChange, followChange } from '../beanstalk/events.ts'
import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import type { BeanstalkEvent, EnvironmentDescription, InstanceDescription } from '../beanstalk/ports.ts'
import { lookUntil } from '../beanstalk/poll.ts'
import { CloudError } from '../errors.ts'
import type { InstanceSeen } from './progress.ts'
import { type Tools, waiting } from './tools.ts'

/** How a change ended, as far as its state tells. */
export interface Change {
  events: BeanstalkEvent[]
  environment: EnvironmentDescription | undefined
  /** False at the deadline: the change still goes on. */
  settled: boolean
}

/** Follows a change to its end or the deadline, and says what it sees. One that nobody can see the end of hasn't come to it. */
export async function follow(change: EnvironmentChange, tools: Tools): Promise<Change> {
  const followed = await followState(change, tools)
  if (!followed.settled || followed.events.some(({ severity }) => severity === 'ERROR')) return followed
  const heard = await lookUntil(waiting(tools), async () => {
    const [environment] = await tools.cloud.beanstalk.describeEnvironments(change, tools.signal)
    if (environment) followed.environment = environment
    return (await isSilent(environment, tools)) ? undefined : 'heard'
  })
  return { ...followed, settled: heard !== undefined }
}

/** Ready, of Grey health, and none of its instances tells which version it runs: neither a success nor a failure can be seen. */
async function isSilent(
  environment: EnvironmentDescription | undefined,
  { cloud, signal }: Tools,
): Promise<boolean> {
  if (environment?.status !== 'Ready' || environment.health !== 'Grey') return false
  try {
    const instances = await cloud.beanstalk.describeInstances(environment.name, signal)
    return instances.length > 0 && instances.every(({ version }) => version === undefined)
  } catch (error) {
    // Basic health tells of no instance at all.
    if (error instanceof CloudError && !error.transient) return false
    throw error
  }
}

async function followState(change: EnvironmentChange, tools: Tools): Promise<Change> {
  const { cloud, clock, progress, deadline } = tools
  const began = clock.now()
  const followed: Change = { events: [], environment: undefined, settled: false }
  let looks = 0
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
    looks += 1
    if (seen.environment && looks % LOOKS_A_SIGHT === 0) await showInstances(change.environment, tools)
  }
  return followed
}

/** Instances are looked at once in so many looks at the environment: AWS counts every call. */
const LOOKS_A_SIGHT = 2

/** Instances are only shown, and nothing is judged by them here: a look that fails shows nothing. */
async function showInstances(
  environment: string,
  { cloud, progress, signal }: Pick<Tools, 'cloud' | 'progress' | 'signal'>,
): Promise<void> {
  try {
    const instances = await cloud.beanstalk.describeInstances(environment, signal)
    progress.emit({ kind: 'instances', instances: instances.map(seenInstance) })
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
  }
}

function seenInstance({ id, healthStatus, version, deploymentStatus }: InstanceDescription): InstanceSeen {
  return { id, health: healthStatus, version: version ?? null, deployment: deploymentStatus ?? null }
}
