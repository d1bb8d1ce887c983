import { ABANDONED, listReleases, readRelease, releaseNumbers } from '../beanstalk/releases/history.ts'
import { readLock, type SeenLock } from '../beanstalk/lock/lock-document.ts'
import { looksAlive } from '../beanstalk/lock/manual-lock.ts'
import { prove } from '../beanstalk/prove.ts'
import { rememberedOptions } from '../beanstalk/releases/release-options.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import { closeRelease, type ReleaseEnd } from '../beanstalk/releases/release.ts'
import type { DeployTarget } from '../config/target.ts'
import { LucreeError } from '../errors.ts'
import type { ObservedEnvironment } from './observe.ts'
import { type Tools, waiting } from './tools.ts'
import { type Holding, keptOptions, releasingOf } from './with-release.ts'
import { placeOf } from './with-lock.ts'

/**
 * Closes the newest release when nobody works on it any more: it was made without waiting, or its lucree was killed or gave up. How it ended is judged by what
 * the environment is now. Belongs under the lock, behind a look at the environment.
 */
export async function settleRelease(
  holding: Holding,
  environment: ObservedEnvironment | undefined,
  tools: Tools,
): Promise<void> {
  const releasing = releasingOf(holding, tools)
  const [newest] = await releaseNumbers(releasing.history, tools.signal)
  const found = newest === undefined ? undefined : await readRelease(releasing.history, newest, tools.signal)
  if (!found || !('record' in found)) return
  const { record } = found
  if (!isUnsettled(record) || record.fence >= holding.lease.fence) return
  const seen = await watched(record, environment, holding, tools)
  const end = endOf(record, seen, holding.fingerprintKey)
  // What was given up and didn't come to its end stays given up.
  if (record.outcome !== 'in-progress' && end.outcome !== 'deployed') return
  const kept = end.outcome === 'deployed' ? await keptOptions(holding, record.number, tools) : {}
  await closeRelease(releasing, found, { ...kept, ...end, durationMs: null })
}

/** One look may meet what ends and is started again just while it answers; nobody has watched this release yet. */
async function watched(
  { version }: ReleaseRecord,
  environment: ObservedEnvironment | undefined,
  { target }: Holding,
  tools: Tools,
): Promise<ObservedEnvironment | undefined> {
  const { versionLabel } = environment?.description ?? {}
  if (!environment?.proof.proven || tools.steadyMs === 0 || versionLabel !== version) return environment
  const patience = { ...tools, graceMs: 0, notBefore: tools.clock.now() }
  const expected = { ...target, versionLabel: versionLabel ?? '' }
  return { ...environment, proof: await prove(tools.cloud.beanstalk, expected, waiting(tools), patience) }
}

/** Nobody saw its end: lucree's time was over, or it was interrupted, while Beanstalk went on. */
function isUnsettled({ outcome }: ReleaseRecord): boolean {
  return outcome === 'in-progress' || outcome === 'timed-out' || outcome === 'interrupted'
}

function endOf(record: ReleaseRecord, environment: ObservedEnvironment | undefined, key: string): ReleaseEnd {
  const without = (sentence: string): ReleaseEnd => ({
    outcome: record.unattended ? 'failed' : 'interrupted',
    cause: { ...ABANDONED, sentence: `${record.unattended ? '' : `${ABANDONED.sentence}; `}${sentence}` },
  })
  if (!environment) return without('its environment is gone')
  const { proof, description, settings } = environment
  if (description.versionLabel !== record.version) return without(`${record.version} does not run`)
  if (!proof.proven) return without(proof.missing)
  const now = rememberedOptions(settings, key)
  const isSame =
    now.fingerprintKey !== record.fingerprintKey ||
    JSON.stringify(now.properties) === JSON.stringify(record.properties)
  return isSame ? { outcome: 'deployed' } : without('the properties are not those that it set')
}

/**
 * Number of the release that an environment in order has, and whether the newest one is of its `version` and was left open by whoever made it. Only for telling, so a failure is as good as none.
 */
export async function currentRelease(
  target: DeployTarget,
  version: string | undefined,
  tools: Tools,
): Promise<{ number: number | undefined; open: boolean }> {
  const { documents, bundles } = tools.cloud
  try {
    const { place } = await placeOf(tools, target)
    const [{ releases }, lock] = await Promise.all([
      listReleases({ documents, bundles, place }, 10, tools.signal),
      readLock({ documents, place }, tools.signal),
    ])
    const number = releases.find(({ outcome }) => outcome === 'deployed')?.number
    const [newest] = releases
    const isIts = newest !== undefined && isUnsettled(newest) && newest.version === version
    return { number, open: isIts && !isAtWork(lock, tools) }
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    return { number: undefined, open: false }
  }
}

/** Whether somebody has the lock who is still there, as far as that is to be told without waiting; who takes the lock finds out for certain. */
function isAtWork(lock: SeenLock | undefined, { hasEnded }: Pick<Tools, 'hasEnded'>): boolean {
  const holder = lock?.document?.holder
  return lock !== undefined && holder != null && (holder.kind === 'manual' || looksAlive(lock, hasEnded))
}
