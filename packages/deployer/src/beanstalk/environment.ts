import type { Clock } from '../clock.ts'
import { CloudError, PlatformError, TimedOut } from '../errors.ts'
import type { EnvironmentChange } from './events.ts'
import type { OptionKey, OptionSetting } from './option-settings.ts'
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

/** Asks for a new environment. When an earlier try of the call was carried out and only its answer lost, that is as good. */
export async function createEnvironment(
  beanstalk: Beanstalk,
  request: Parameters<Beanstalk['createEnvironment']>[0],
  clock: Clock,
  signal: AbortSignal,
): Promise<EnvironmentChange> {
  const { application, environment } = request
  const before = new Date(clock.now())
  try {
    const { requestId, environment: made } = await beanstalk.createEnvironment(request, signal)
    // By the service's clock when it tells: this machine's may be wrong.
    return { application, environment, requestId, startedAt: made.createdAt ?? before, before: undefined }
  } catch (error) {
    const made = isRepeated(error) ? await madeBefore(beanstalk, request, signal) : undefined
    if (!made) throw error
    const startedAt = made.createdAt ?? before
    const [requestId = ''] = await requestsSince(beanstalk, request, startedAt, signal)
    return { application, environment, requestId, startedAt, before: undefined }
  }
}

/** The environment that an earlier try of the call made: nobody else deploys this version, whose label is new. */
async function madeBefore(
  beanstalk: Beanstalk,
  request: Parameters<Beanstalk['createEnvironment']>[0],
  signal: AbortSignal,
): Promise<EnvironmentDescription | undefined> {
  const [found] = await beanstalk.describeEnvironments(request, signal)
  return found?.versionLabel === request.versionLabel ? found : undefined
}

const isRepeated = (error: unknown): boolean => error instanceof CloudError && error.repeated

/** The calls of which the environment tells since a moment and of which it had told nothing before, the first of them first. */
async function requestsSince(
  beanstalk: Beanstalk,
  { application, environment }: { application: string; environment: string },
  moment: Date,
  signal: AbortSignal,
): Promise<string[]> {
  const events = await beanstalk.describeEvents({ application, environment, max: EVENTS_LOOKED_AT }, signal)
  const told = new Set(events.filter(({ at }) => at < moment).map(({ requestId }) => requestId))
  const later = events.filter(({ at }) => at >= moment).flatMap(({ requestId }) => requestId ?? [])
  return [...new Set(later)].filter((requestId) => !told.has(requestId))
}

/** More than an operation tells. */
const EVENTS_LOOKED_AT = 200

/**
 * Asks for a change of version, settings or both in one update, so in one restart. Somebody else's change that came in between is waited for;
 * one that an earlier try of the same call began, whose answer was lost, is the change.
 */
export async function updateEnvironment(
  beanstalk: Beanstalk,
  update: EnvironmentUpdate,
  waiting: Waiting,
): Promise<EnvironmentChange> {
  const asked = await lookBefore(beanstalk, update, waiting)
  try {
    return await requestUpdate(beanstalk, update, asked, waiting)
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    const begun = () => (error.repeated ? begunBefore(beanstalk, update, asked, waiting) : undefined)
    const own = await begun()
    if (own) return own
    const [now] = await beanstalk.describeEnvironments(update, waiting.signal)
    if (!now || EnvironmentStatus.of(now).isSettled) throw error
    await untilReady(beanstalk, update, waiting)
    // Events may be seen late.
    return (
      (await begun()) ??
      requestUpdate(beanstalk, update, await lookBefore(beanstalk, update, waiting), waiting)
    )
  }
}

/** The environment just before it is asked to change, and a moment of the service's that lies before the change. */
type Asked = Pick<EnvironmentChange, 'startedAt'> & { before: EnvironmentDescription }

async function lookBefore(beanstalk: Beanstalk, update: EnvironmentUpdate, waiting: Waiting): Promise<Asked> {
  const startedAt = await serviceTime(beanstalk, update, waiting)
  const [before] = await beanstalk.describeEnvironments(update, waiting.signal)
  if (!before) throw gone(update.environment)
  return { startedAt, before }
}

/** The change that an earlier try of the call began. */
async function begunBefore(
  beanstalk: Beanstalk,
  update: EnvironmentUpdate,
  asked: Asked,
  { signal }: Waiting,
): Promise<EnvironmentChange | undefined> {
  const { application, environment } = update
  const [requestId] = await requestsSince(beanstalk, update, asked.startedAt, signal)
  return requestId === undefined ? undefined : { application, environment, requestId, ...asked }
}

/**
 * The service's model says that version and settings together are refused, and tools that send them together see them accepted (facts sheet
 * §3.2): when it refuses, settings go first and the version follows.
 */
async function requestUpdate(
  beanstalk: Beanstalk,
  update: EnvironmentUpdate,
  { startedAt, before }: Asked,
  waiting: Waiting,
): Promise<EnvironmentChange> {
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
