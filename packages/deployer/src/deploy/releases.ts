import { readLock } from '../beanstalk/lock/lock-document.ts'
import {
  asItStands,
  type History,
  listReleases,
  readRelease,
  releaseNumbers,
} from '../beanstalk/releases/history.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import type { DeployTarget } from '../config/target.ts'
import { PlatformError, UsageError } from '../errors.ts'
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
  if (!found) throw await unknownRelease(history, number, tools.signal)
  if ('unreadable' in found) {
    throw new PlatformError(`Release ${number} of ${environment} can't be read`, {
      code: 'LUC-RELEASE-UNREADABLE',
      why: found.unreadable,
      hints: ['lucree releases   # the others'],
    })
  }
  const { schema: _schema, id: _id, fence: _fence, ...release } = asItStands(found.record, lock)
  return { application, environment, releases: [release], unreadable: [] }
}

async function openHistory(target: DeployTarget, tools: Tools): Promise<History> {
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
