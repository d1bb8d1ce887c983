import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import type { EnvironmentChange } from '../beanstalk/events.ts'
import { look, type Proof, urlOf } from '../beanstalk/health.ts'
import type { EnvironmentDescription } from '../beanstalk/ports.ts'
import type { DeployTarget } from '../config/target.ts'
import { CloudError, PlatformError, TimedOut } from '../errors.ts'
import { servingNow } from './conclude.ts'
import { follow } from './follow.ts'
import { findEnvironment } from './status.ts'
import { stage, type Tools } from './tools.ts'

/** What an abort led to. */
export interface AbortResult {
  application: string
  environment: string
  /** `unchanged`: nothing was under way. */
  outcome: 'aborted' | 'unchanged'
  status: string
  health: string
  /** Beanstalk's version of the environment; instances may run another after an abort (facts sheet §3.2). */
  version: string | null
  instances: { id: string; version: string | null; deployment: string | null }[]
  /** Whether instances run different versions. */
  mixed: boolean
  /** What answers requests now. */
  serving: string
  url: string | null
  /** What to run next, the most useful first. */
  next: string[]
}

/** The environment of the target and whether anything is under way in it that can be aborted; throws when something is that can't. */
export async function findUpdate(target: DeployTarget, tools: Tools): Promise<EnvironmentDescription> {
  const environment = await findEnvironment(target, tools)
  const { status, abortable, name } = environment
  if (EnvironmentStatus.of(environment).isReady || abortable || status === 'Aborting') return environment
  throw new PlatformError(`What is under way in ${name} can't be aborted`, {
    code: 'LUC-ABORT-IMPOSSIBLE',
    why: `it is ${status}, and Beanstalk aborts only updates`,
    hints: ['lucree events -f', 'lucree unstick   # waits, and leads it back when it is stuck'],
    document: { application: environment.application, environment: name, status },
  })
}

/** Stops the update that is under way, waits until the environment is Ready and looks at what is left. Nothing under way is no error. */
export async function abort(target: DeployTarget, tools: Tools): Promise<AbortResult> {
  const before = await findUpdate(target, tools)
  const begun = !EnvironmentStatus.of(before).isReady && (await ask(before, target, tools))
  if (!begun) return resultOf('unchanged', before, target, tools)
  const followed = await stage(
    tools,
    'Follow',
    () => follow(begun, tools),
    ({ environment }) => `environment is ${environment?.status ?? 'gone'}`,
  )
  const { settled, environment } = followed
  if (!settled || !environment) throw notDone(target, environment?.status ?? 'gone')
  return resultOf('aborted', environment, target, tools)
}

/** False when it came to its end just then. */
async function ask(
  before: EnvironmentDescription,
  target: DeployTarget,
  tools: Tools,
): Promise<EnvironmentChange | false> {
  const { beanstalk } = tools.cloud
  const { application, name: environment } = before
  const newest = (await beanstalk.describeEvents({ application, environment, max: 1 }, tools.signal)).at(-1)
  const startedAt = newest ? new Date(newest.at.getTime() + 1) : new Date(tools.clock.now())
  const change = { application, environment, requestId: '', startedAt, before }
  if (!before.abortable) return change
  try {
    await stage(
      tools,
      'Abort the update',
      () => beanstalk.abortUpdate(environment, tools.signal),
      () => 'accepted',
    )
    return change
  } catch (error) {
    if (!(error instanceof CloudError) || error.transient) throw error
    const now = await findUpdate(target, tools)
    if (EnvironmentStatus.of(now).isReady) return false
    if (now.status === 'Aborting') return change
    throw error
  }
}

async function resultOf(
  outcome: AbortResult['outcome'],
  { versionLabel, name, application }: EnvironmentDescription,
  target: DeployTarget,
  tools: Tools,
): Promise<AbortResult> {
  const expected = { ...target, versionLabel: versionLabel ?? '' }
  const proof = await look(tools.cloud.beanstalk, expected, tools.clock, tools.signal)
  const { environment, instances } = proof
  const versions = new Set(instances.map(({ version }) => version))
  const mixed = versions.size > 1
  return {
    ...{ application, environment: name, outcome, mixed },
    status: environment?.status ?? 'Terminated',
    health: environment?.health ?? 'Grey',
    version: environment?.versionLabel ?? null,
    instances: instances.map(({ id, version, deploymentStatus }) => ({
      id,
      version: version ?? null,
      deployment: deploymentStatus ?? null,
    })),
    serving: servingNow(proof, target),
    url: environment?.cname ? urlOf(environment.cname) : null,
    next: nextOf(outcome, proof, mixed),
  }
}

function nextOf(outcome: AbortResult['outcome'], { proven }: Proof, mixed: boolean): string[] {
  if (mixed)
    return ['lucree unstick   # brings every instance to the last version that worked', 'lucree deploy']
  if (!proven) return ['lucree unstick   # leads it back to where it works', 'lucree deploy']
  return outcome === 'aborted' ? ['lucree deploy   # tries again'] : []
}

function notDone({ application, environment }: DeployTarget, status: string): TimedOut {
  return new TimedOut(`${environment} is still ${status} at the time limit`, {
    code: 'LUC-ABORT-TIMEOUT',
    why: 'Beanstalk goes on with the abort',
    hints: ['lucree events -f', 'lucree unstick   # waits on, and leads it back when that is stuck'],
    document: { application, environment, status },
  })
}
