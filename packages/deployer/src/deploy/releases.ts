import { readLock } from '../beanstalk/lock/lock-document.ts'
import {
  asItStands,
  type History,
  lastGoodRelease,
  listReleases,
  readRelease,
  releaseNumbers,
} from '../beanstalk/releases/history.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import type { DeployTarget } from '../config/target.ts'
import { PlatformError, UsageError } from '../errors.ts'
import type { ObservedEnvironment } from './observe.ts'
import { findEnvironment } from './status.ts'
import type { Tools } from './tools.ts'
import { placeOf } from './with-lock.ts'

/** A release without its options. */
export type ReleaseSummary = Omit<ReleaseRecord, 'schema' | 'id' | 'fence' | keyof Details>

type Details = Pick<
  ReleaseRecord,
  'settings' | 'properties' | 'secrets' | 'fingerprintKey' | 'withheld' | 'savedConfiguration'
>

/** An environment's releases as `releases` tells them, newest first. */
export interface ReleasesResult {
  application: string
  environment: string
  releases: (ReleaseSummary & Partial<Details>)[]
  /** Records that can't be read, each with the reason. */
  unreadable: { number: number; why: string }[]
}

/** The newest `limit` releases; none where nothing was ever released. */
export async function lookAtReleases(
  target: DeployTarget,
  limit: number,
  tools: Tools,
): Promise<ReleasesResult> {
  const { application, environment } = target
  const history = await openHistory(target, tools)
  const [{ releases, unreadable }, lock] = await Promise.all([
    listReleases(history, limit, tools.signal),
    readLock(history, tools.signal),
  ])
  if (target.listed && releases.length + unreadable.length === 0) await findEnvironment(target, tools)
  const summaries = releases.map((release) => summaryOf(asItStands(release, lock)))
  return { application, environment, releases: summaries, unreadable }
}

/** One release with its options. Throws a UsageError when there is none of this number, and a PlatformError when it can't be read. */
export async function lookAtRelease(
  target: DeployTarget,
  number: number,
  tools: Tools,
): Promise<ReleasesResult> {
  const { application, environment } = target
  const history = await openHistory(target, tools)
  const [found, lock] = await Promise.all([
    readRelease(history, number, tools.signal),
    readLock(history, tools.signal),
  ])
  if (!found) {
    if (target.listed) await findEnvironment(target, tools)
    throw await unknownRelease(history, number, tools.signal)
  }
  if ('unreadable' in found) throw unreadableRelease(history, number, found.unreadable)
  const { schema: _schema, id: _id, fence: _fence, ...release } = asItStands(found.record, lock)
  return { application, environment, releases: [release], unreadable: [] }
}

/**
 * The release to go back to: the one of this number, or the last that was deployed before the current one; when the current one isn't in order, the
 * last that was. Throws a UsageError when there is none, or it never worked.
 */
export async function chooseRelease(
  history: History,
  { number, now }: { number: number | undefined; now: ObservedEnvironment },
  signal: AbortSignal,
): Promise<ReleaseRecord> {
  if (number === undefined) return (await releaseBefore(history, now, signal)) ?? nothingBefore(history)
  const found = await readRelease(history, number, signal)
  if (!found) throw await unknownRelease(history, number, signal)
  if ('unreadable' in found) throw unreadableRelease(history, number, found.unreadable)
  if (found.record.outcome === 'deployed') return found.record
  throw new UsageError(`Release ${number} of ${history.place.environment} never worked`, {
    code: 'LUC-RELEASE-NOT-DEPLOYED',
    why: `it ended as ${found.record.outcome}`,
    hints: ['lucree releases   # those that were deployed'],
  })
}

async function releaseBefore(
  history: History,
  { description, proof }: ObservedEnvironment,
  signal: AbortSignal,
): Promise<ReleaseRecord | undefined> {
  const newest = await lastGoodRelease(history, signal)
  const isCurrent = proof.proven && newest?.version === description.versionLabel
  return newest && isCurrent ? lastGoodRelease(history, signal, newest.number) : newest
}

function nothingBefore({ place }: History): never {
  throw new UsageError(`${place.environment} has no earlier release to go back to`, {
    code: 'LUC-RELEASE-NONE-BEFORE',
    why: 'nothing was deployed before the current one that worked',
    hints: ['lucree releases', 'lucree deploy --version LABEL   # a version that is there'],
  })
}

function unreadableRelease({ place }: History, number: number, why: string): PlatformError {
  return new PlatformError(`Release ${number} of ${place.environment} can't be read`, {
    code: 'LUC-RELEASE-UNREADABLE',
    why,
    hints: ['lucree releases   # the others'],
  })
}

/** Where the environment's releases are; makes nothing. */
export async function openHistory(target: DeployTarget, tools: Tools): Promise<History> {
  const { documents, bundles } = tools.cloud
  return { documents, bundles, place: (await placeOf(tools, target)).place }
}

async function unknownRelease(history: History, number: number, signal: AbortSignal): Promise<UsageError> {
  const [newest] = await releaseNumbers(history, signal)
  const { environment } = history.place
  return new UsageError(`There is no release ${number} of ${environment}`, {
    code: 'LUC-RELEASE-UNKNOWN',
    why: newest === undefined ? 'nothing was released to it yet' : `the newest is ${newest}`,
    hints: [newest === undefined ? 'lucree deploy' : 'lucree releases'],
  })
}

function summaryOf(release: ReleaseRecord): ReleaseSummary {
  const { schema, id, fence, settings, properties, secrets, fingerprintKey, withheld, ...rest } = release
  const { savedConfiguration: _kept, ...summary } = rest
  return summary
}
