import type { Lease } from '../beanstalk/lock/lease.ts'
import { type History, lastGoodRelease } from '../beanstalk/releases/history.ts'
import { rememberedOptions } from '../beanstalk/releases/release-options.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import {
  amendRelease,
  closeRelease,
  openRelease,
  type Release,
  type ReleaseEnd,
  type ReleaseRequest,
  type Releasing,
} from '../beanstalk/releases/release.ts'
import { KEPT_RELEASES } from '../beanstalk/releases/prune.ts'
import { keepOptions } from '../beanstalk/releases/saved-options.ts'
import type { OptionSetting } from '../beanstalk/option-settings.ts'
import type { DeployTarget } from '../config/target.ts'
import { Interrupted, LucreeError, TimedOut } from '../errors.ts'
import { pruneReleases } from './prune.ts'
import type { DeployOutcome } from './result.ts'
import type { Tools } from './tools.ts'
import { type WayBack, wayBackTo } from './undo.ts'

/** What the releases of an environment whose lock is held are written with. */
export interface Holding {
  target: DeployTarget
  lease: Lease
  /** The user's key of fingerprints. */
  fingerprintKey: string
}

/** A release that is about to be made. */
export interface Draft extends Omit<ReleaseRequest, 'options' | 'version'> {
  version: string
  /** All settings that the environment will have. */
  settings: OptionSetting[]
  /** Names of the properties that are set and removed. */
  changed: string[]
  /** The command that undoes it, given what going back to the last good release would do. */
  undo: (back: WayBack) => string | undefined
}

/**
 * Runs a change as a numbered release: reserved before anything is changed, closed with its outcome however the change ends. One that nobody waits
 * for stays open. `run` gets the last good release before it. A record that can't be closed is a warning: the change itself is done by then.
 */
export async function withRelease(
  holding: Holding,
  { settings, changed, undo, ...draft }: Draft,
  tools: Tools,
  run: (previous: ReleaseRecord | undefined) => Promise<DeployOutcome>,
): Promise<DeployOutcome> {
  const releasing = releasingOf(holding, tools)
  const previous = await lastGoodRelease(releasing.history, tools.signal)
  const options = rememberedOptions(settings, holding.fingerprintKey)
  const release = await openRelease(releasing, { ...draft, options }, tools.signal)
  const { number } = release.record
  let ended: DeployOutcome
  try {
    ended = { ...(await run(previous)), release: number }
  } catch (error) {
    if (error instanceof LucreeError) error.document['release'] ??= number
    await closeAfterError(releasing, release, error, tools)
    throw error
  }
  const after = { version: ended.version ?? draft.version, settings, changed }
  const { variables } = holding.target
  const back = undo(wayBackTo(previous, after, { variables, key: holding.fingerprintKey }))
  if (ended.outcome === 'deployed') ended = { ...ended, undo: back }
  await unlessItFails(tools, `Release ${number} could not be closed`, () =>
    closeWith(ended, { holding, releasing, release, undo: back }, tools),
  )
  if (ended.outcome === 'deployed' && number > KEPT_RELEASES) {
    await unlessItFails(tools, 'What no rollback needs could not be removed', () =>
      pruneReleases(releasing.history.place, tools),
    )
  }
  return ended
}

/** What a release of this environment is opened, changed and closed with. */
export function releasingOf({ lease }: Pick<Holding, 'lease'>, { cloud, clock }: Tools): Releasing {
  const { documents, bundles } = cloud
  const history: History = { documents, bundles, place: lease.place }
  return { history, lease, clock }
}

interface Closing {
  holding: Holding
  releasing: Releasing
  release: Release
  undo: string | undefined
}

async function closeWith(
  ended: DeployOutcome,
  { holding, releasing, release, undo }: Closing,
  tools: Tools,
): Promise<void> {
  const probe = ended.probe ?? null
  switch (ended.outcome) {
    case 'deployed': {
      const kept = await keptOptions(holding, release.record.number, tools)
      const back = undo === undefined ? {} : { undo }
      await closeRelease(releasing, release, { outcome: 'deployed', probe, ...kept, ...back })
      return
    }
    case 'started':
      await amendRelease(releasing, release, { unattended: true }, tools.signal)
      return
    case 'rolled-back':
    case 'failed':
    case 'timed-out': {
      const cause = { code: ended.diagnosis.code, sentence: ended.diagnosis.cause }
      await closeRelease(releasing, release, { outcome: ended.outcome, cause, probe })
      return
    }
    default:
      throw new TypeError(`a release was opened for ${ended.outcome}`)
  }
}

/** The options that the environment now has, kept in Beanstalk so that a rollback can bring them back; without the right to it, remembered without values. */
export async function keptOptions(
  { target, fingerprintKey }: Holding,
  number: number,
  tools: Tools,
): Promise<Partial<ReleaseEnd>> {
  const { application, environment, variables } = target
  const { beanstalk, configurations } = tools.cloud
  const of = { application, environment }
  const [settings, [now]] = await Promise.all([
    beanstalk.describeSettings(application, environment, tools.signal),
    beanstalk.describeEnvironments(of, tools.signal),
  ])
  const options = rememberedOptions(settings, fingerprintKey)
  if (!now) return options
  const declaredSecret = Object.entries(variables).flatMap(([name, { secret }]) => (secret ? [name] : []))
  const request = { ...of, environmentId: now.id, number, settings, declaredSecret }
  const kept = await unlessItFails(tools, `Values of release ${number} could not be kept`, () =>
    keepOptions(configurations, request, tools.signal),
  )
  return { ...options, ...kept }
}

async function closeAfterError(
  releasing: Releasing,
  release: Release,
  error: unknown,
  tools: Tools,
): Promise<void> {
  // Whoever took the lock has closed the record; and the bucket of an embedded Beanstalk that ended is gone with it.
  if (releasing.lease.signal.aborted) return
  if (error instanceof LucreeError && error.code === 'LUC-LOCAL-GONE') return
  await unlessItFails(tools, `Release ${release.record.number} could not be closed`, () =>
    closeRelease(releasing, release, endOf(error, tools)),
  )
}

/** Of an error only lucree's own words go into the record: what a service says may quote a value. */
function endOf(error: unknown, { signal }: Tools): ReleaseEnd {
  const interrupted = error instanceof Interrupted || signal.reason instanceof Interrupted
  const outcome = interrupted ? 'interrupted' : error instanceof TimedOut ? 'timed-out' : 'failed'
  const cause =
    error instanceof LucreeError
      ? { code: error.code, sentence: error.message }
      : { code: 'LUC-BUG', sentence: 'lucree itself failed' }
  return { outcome, cause }
}

/** What comes after a change must not make it a failure: it is told as a warning. */
async function unlessItFails<T>(
  { progress }: Tools,
  what: string,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    const why = error.why ? `${error.message}: ${error.why}` : error.message
    progress.emit({ kind: 'warning', message: `${what} (${why})` })
    return undefined
  }
}
