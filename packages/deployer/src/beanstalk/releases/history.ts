import { isPassing } from '../poll.ts'
import type { BundleStore, Documents } from '../ports.ts'
import type { SeenLock } from '../lock/lock-document.ts'
import type { Place } from '../storage.ts'
import { numberOf, parseRelease, releaseKey, type ReleaseRecord, releasesPrefix } from './release-record.ts'

/** Where an environment's releases are, and through what they are reached. */
export interface History {
  documents: Documents
  bundles: Pick<BundleStore, 'list'>
  place: Place
}

/** Releases, newest first, and those that can't be read, each with the reason. */
export interface Releases {
  releases: ReleaseRecord[]
  unreadable: { number: number; why: string }[]
}

/** How many records are read at once. */
const AT_ONCE = 10

/** The numbers that there are, newest first. */
export async function releaseNumbers(
  { bundles, place }: Pick<History, 'bundles' | 'place'>,
  signal: AbortSignal,
): Promise<number[]> {
  const keys = await bundles.list(place.bucket, releasesPrefix(place), signal)
  return keys.flatMap((key) => numberOf(key) ?? []).sort((one, other) => other - one)
}

/** The newest `limit` releases. */
export async function listReleases(history: History, limit: number, signal: AbortSignal): Promise<Releases> {
  return readAll(history, (await releaseNumbers(history, signal)).slice(0, limit), signal)
}

/** One release; undefined when there is none of this number. */
export async function readRelease(
  { documents, place }: Pick<History, 'documents' | 'place'>,
  number: number,
  signal: AbortSignal,
): Promise<{ record: ReleaseRecord; etag: string } | { unreadable: string } | undefined> {
  const found = await documents.read(place.bucket, releaseKey(place, number), signal)
  if (!found) return undefined
  const read = parseRelease(found.body)
  return 'unreadable' in read ? read : { record: read, etag: found.etag }
}

/** The newest release that was deployed and proven, older than `before` when that is given. */
export async function lastGoodRelease(
  history: History,
  signal: AbortSignal,
  before = Infinity,
): Promise<ReleaseRecord | undefined> {
  const numbers = (await releaseNumbers(history, signal)).filter((number) => number < before)
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const { releases } = await readAll(history, numbers.slice(at, at + AT_ONCE), signal)
    const good = releases.find(({ outcome }) => outcome === 'deployed')
    if (good) return good
  }
  return undefined
}

/** A release that nobody works on any more didn't end as anything: its lucree was interrupted. */
export function asItStands(release: ReleaseRecord, lock: SeenLock | undefined): ReleaseRecord {
  const open = release.outcome === 'in-progress' && !release.unattended
  const underWay = lock?.document?.holder != null && lock.fence === release.fence
  return open && !underWay ? { ...release, outcome: 'interrupted', cause: ABANDONED } : release
}

/** The cause of a release whose lucree ended without a word. */
export const ABANDONED = {
  code: 'LUC-RELEASE-ABANDONED',
  sentence: 'the lucree that made it ended without saying how it went',
}

async function readAll(history: History, numbers: number[], signal: AbortSignal): Promise<Releases> {
  const all: Releases = { releases: [], unreadable: [] }
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const some = numbers.slice(at, at + AT_ONCE)
    const read = await Promise.all(some.map((number) => readOne(history, number, signal)))
    for (const [index, one] of read.entries()) {
      if (one && 'record' in one) all.releases.push(one.record)
      else if (one) all.unreadable.push({ number: some[index] ?? 0, why: one.unreadable })
    }
  }
  return all
}

/** A single record that can't be had now is told like a broken one. */
async function readOne(history: History, number: number, signal: AbortSignal) {
  try {
    return await readRelease(history, number, signal)
  } catch (error) {
    if (!isPassing(error)) throw error
    return { unreadable: (error as Error).message }
  }
}
