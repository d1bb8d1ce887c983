import type { Clock } from '../clock.ts'
import { CloudError, PlatformError, TimedOut } from '../errors.ts'
import type { EnvironmentChange } from './events.ts'
import type { OptionKey, OptionSetting } from './options.ts'
import type { Beanstalk, EnvironmentDescription } from './ports.ts'
import { EnvironmentStatus } from './environment-status.ts'
import { lookUntil, type Waiting } from './poll.ts'

export interface EnvironmentUpdate {
  application: string
  environment: string
  versionLabel?: string
  settings?: OptionSetting[]
  remove?: OptionKey[]
}

/** Asks for a new environment. */
export async function createEnvironment(
  beanstalk: Beanstalk,
  request: Parameters<Beanstalk['createEnvironment']>[0],
  clock: Clock,
  signal: AbortSignal,
): Promise<EnvironmentChange> {
  const before = new Date(clock.now())
  const { requestId, environment } = await beanstalk.createEnvironment(request, signal)
  // By the service's clock when it tells: this machine's may be wrong.
  const startedAt = environment.createdAt ?? before
  return {
    application: request.application,
    environment: request.environment,
    requestId,
    startedAt,
    before: undefined,
  }
}

/**
 * Asks for a change of version, settings or both in one update, so in one restart. Somebody else's change that came in between is waited for.
 */
export async function updateEnvironment(
  beanstalk: Beanstalk,
  update: EnvironmentUpdate,
  waiting: Waiting,
): Promise<EnvironmentChange> {
  try {
    return await requestUpdate(beanstalk, update, waiting)
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    const [now] = await beanstalk.describeEnvironments(update, waiting.signal)
    if (!now || EnvironmentStatus.of(now).isSettled) throw error
    await untilReady(beanstalk, update, waiting)
    return requestUpdate(beanstalk, update, waiting)
  }
}

/**
 * The service's model says that version and settings together are refused, and tools that send them together see them accepted (facts sheet
 * §3.2): when it refuses, settings go first and the version follows.
 */
async function requestUpdate(
  beanstalk: Beanstalk,
  update: EnvironmentUpdate,
  waiting: Waiting,
): Promise<EnvironmentChange> {
  const startedAt = await serviceTime(beanstalk, update, waiting)
  const [before] = await beanstalk.describeEnvironments(update, waiting.signal)
  if (!before) throw gone(update.environment)
  const { application, environment } = update
  try {
    const { requestId } = await beanstalk.updateEnvironment(update, waiting.signal)
    return { application, environment, requestId, startedAt, before }
  } catch (error) {
    if (!refusesBoth(error, update)) throw error
    const { versionLabel, ...settings } = update
    await beanstalk.updateEnvironment(settings, waiting.signal)
    await untilReady(beanstalk, update, waiting)
    const { requestId } = await beanstalk.updateEnvironment(
      { environment, ...(versionLabel ? { versionLabel } : {}) },
      waiting.signal,
    )
    return { application, environment, requestId, startedAt, before }
  }
}

function refusesBoth(error: unknown, update: EnvironmentUpdate): boolean {
  const both = update.versionLabel !== undefined && (update.settings?.length || update.remove?.length)
  return (
    Boolean(both) && error instanceof CloudError && /^InvalidParameterCombination/.test(error.awsCode ?? '')
  )
}

/** Waits until the environment takes changes again. Throws when it goes away ({@link PlatformError}) or isn't ready at the deadline ({@link TimedOut}). */
export async function untilReady(
  beanstalk: Beanstalk,
  of: { application: string; environment: string },
  waiting: Waiting,
  onLook: (seen: EnvironmentDescription) => void = () => undefined,
): Promise<EnvironmentDescription> {
  let last = 'in an unknown state'
  const ready = await lookUntil(waiting, async () => {
    const [environment] = await beanstalk.describeEnvironments(of, waiting.signal)
    if (!environment) throw gone(of.environment)
    last = environment.status
    onLook(environment)
    return EnvironmentStatus.of(environment).isReady ? environment : undefined
  })
  if (ready) return ready
  throw new TimedOut(`${of.environment} is still ${last}`, {
    code: 'LUC-ENVIRONMENT-BUSY',
    why: 'an earlier operation is not over and Beanstalk takes one change at a time',
    hints: ['lucree events -f', 'lucree status'],
  })
}

function gone(environment: string): PlatformError {
  return new PlatformError(`${environment} went away`, {
    code: 'LUC-ENVIRONMENT-GONE',
    why: 'it was terminated meanwhile',
    hints: ['lucree deploy'],
  })
}

/**
 * A moment just after the newest event that is there now, by the service's clock: what happens later belongs to the change that is about to be
 * asked for. This machine's clock may be minutes off.
 */
async function serviceTime(
  beanstalk: Beanstalk,
  { application, environment }: EnvironmentUpdate,
  waiting: Waiting,
): Promise<Date> {
  const newest = (await beanstalk.describeEvents({ application, environment, max: 1 }, waiting.signal)).at(-1)
  return newest ? new Date(newest.at.getTime() + 1) : new Date(waiting.clock.now())
}
