import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { type LucreeError, PlatformError } from '../../errors.ts'
import type { Lease } from '../lock/lease.ts'
import { LockLost } from '../lock/lock-failures.ts'
import { persist } from '../persist.ts'
import { withinTime } from '../time-limit.ts'
import { ABANDONED, type History, readRelease, releaseNumbers } from './history.ts'
import {
  parseRelease,
  releaseKey,
  type ReleaseOptions,
  type ReleaseOutcome,
  type ReleaseRecord,
  serialiseRelease,
} from './release-record.ts'

/** A release that is being made: its record, and the ETag under which this process wrote it last. */
export interface Release {
  record: ReleaseRecord
  etag: string
}

/** What is known when a release begins. */
export interface ReleaseRequest {
  /** The words of the command, without its arguments. */
  command: string
  message: string | undefined
  revision: ReleaseRecord['revision'] | undefined
  version: string | undefined
  bundle: ReleaseRecord['bundle'] | undefined
  options: ReleaseOptions
}

/** What becomes known while it is made. */
export type ReleaseChange = Partial<
  Pick<ReleaseRecord, 'version' | 'bundle' | 'savedConfiguration' | 'withheld' | 'unattended'> &
    ReleaseOptions
>

/** How it ended. */
export type ReleaseEnd = ReleaseChange & {
  outcome: Exclude<ReleaseOutcome, 'in-progress'>
  cause?: ReleaseRecord['cause']
  probe?: ReleaseRecord['probe']
  undo?: string
  /** Null when nobody saw its end; without it the time since its beginning. */
  durationMs?: number | null
}

/** What every step of a release works with. */
export interface Releasing {
  history: History
  lease: Lease
  clock: Clock
}

/** The longest that writing the end of a release takes, ms; it is also written after Ctrl-C. */
const CLOSING_MS = 15_000
/** A number that is refused without being there has lost against a write that failed; that doesn't go on for ever. */
const MOST_REFUSALS = 100

/**
 * Reserves the next number by a write that only succeeds where there is nothing: whoever comes second takes the number after. Releases that
 * their makers left open are closed as interrupted first: holding the lock, this process knows that nobody works on them, and whoever still did
 * would find the record changed. Throws {@link LockLost} when the lock isn't this process's any more.
 */
export async function openRelease(
  { history, lease, clock }: Releasing,
  request: ReleaseRequest,
  signal: AbortSignal,
): Promise<Release> {
  const persistent = { clock, signal }
  const [newest = 0] = await persist(persistent, () => settleAbandoned({ history, lease }, signal))
  const draft = newRecord(request, { lease, clock, number: newest + 1 })
  const release = await persist(persistent, () => reserve(history, draft, signal))
  try {
    await lease.check(signal)
    return release
  } catch (error) {
    if (error instanceof LockLost) {
      const { code, message: sentence } = error
      const record = { ...release.record, outcome: 'interrupted' as const, cause: { code, sentence } }
      await withinTime(clock, CLOSING_MS, (at) => rewrite(history, release, record, at))
    }
    throw error
  }
}

/** Adds to a release what has become known. Throws {@link LockLost}. */
export async function amendRelease(
  { history, lease, clock }: Releasing,
  release: Release,
  change: ReleaseChange,
  signal: AbortSignal,
): Promise<Release> {
  await lease.check(signal)
  const record = { ...release.record, ...change }
  return persist({ clock, signal }, () => rewrite(history, release, record, signal))
}

/** Writes how a release ended; takes no signal, because an interrupted one has to be closed too. Throws {@link LockLost}. */
export function closeRelease(
  { history, lease, clock }: Releasing,
  release: Release,
  { cause = null, undo, ...end }: ReleaseEnd,
): Promise<Release> {
  const sinceMs = Math.max(0, Math.round(clock.now() - Date.parse(release.record.at)))
  const durationMs = end.durationMs === undefined ? sinceMs : end.durationMs
  return withinTime(clock, CLOSING_MS, async (signal) => {
    await lease.check(signal)
    const record = { ...release.record, ...end, cause, undo: undo ?? null, durationMs }
    return persist({ clock, signal }, () => rewrite(history, release, record, signal))
  })
}

/** Closes what was left open right before the newest release; answers all numbers, newest first. */
async function settleAbandoned(
  { history, lease }: Pick<Releasing, 'history' | 'lease'>,
  signal: AbortSignal,
): Promise<number[]> {
  const numbers = await releaseNumbers(history, signal)
  for (const number of numbers) {
    const found = await readRelease(history, number, signal)
    if (!found || !('record' in found)) continue
    const { record } = found
    // An open release of this very lock is made by this process.
    if (record.outcome !== 'in-progress' || record.fence >= lease.fence) break
    await rewrite(history, found, { ...record, outcome: 'interrupted', cause: ABANDONED }, signal)
  }
  return numbers
}

async function reserve(history: History, draft: ReleaseRecord, signal: AbortSignal): Promise<Release> {
  const { documents, place } = history
  let record = draft
  for (let refusals = 0; refusals < MOST_REFUSALS;) {
    signal.throwIfAborted()
    const key = releaseKey(place, record.number)
    const body = serialiseRelease(record)
    const written = await documents.write({ bucket: place.bucket, key, body, replaces: undefined }, signal)
    if (written !== 'conflict') return { record, etag: written.etag }
    const there = await documents.read(place.bucket, key, signal)
    // One's own, when the answer to the first attempt was lost.
    if (there?.body === body) return { record, etag: there.etag }
    if (there) record = { ...record, number: record.number + 1 }
    else refusals += 1
  }
  throw new PlatformError(`Release ${record.number} of ${place.environment} could not be reserved`, {
    code: 'LUC-RELEASE-REFUSED',
    why: `S3 refused its record ${MOST_REFUSALS} times in favour of writes that then failed`,
  })
}

async function rewrite(
  { documents, place }: History,
  { record: before, etag }: Release,
  record: ReleaseRecord,
  signal: AbortSignal,
): Promise<Release> {
  const key = releaseKey(place, record.number)
  const body = serialiseRelease(record)
  let replaces = etag
  // The second round is for a write that was refused in favour of another one that failed.
  for (let round = 0; round < 2; round += 1) {
    const written = await documents.write({ bucket: place.bucket, key, body, replaces }, signal)
    if (written !== 'conflict') return { record, etag: written.etag }
    const there = await documents.read(place.bucket, key, signal)
    if (there?.body === body) return { record, etag: there.etag }
    if (there?.etag !== etag) throw overtaken(place, before, there?.body)
    replaces = there.etag
  }
  throw overtaken(place, before, undefined)
}

/** Only who holds the lock writes a release: another's write means that the lock went. */
function overtaken(
  { application, environment }: History['place'],
  { number }: ReleaseRecord,
  there: string | undefined,
): LucreeError {
  const now = there === undefined ? undefined : parseRelease(there)
  const outcome = now && 'outcome' in now ? ` as ${now.outcome}` : ''
  return new LockLost(`Release ${number} of ${environment} is no longer this command's`, {
    code: 'LUC-LOCK-LOST',
    exitCode: 9,
    why: `somebody who held the lock since then closed it${outcome}`,
    hints: ['lucree releases', 'lucree status'],
    document: { application, environment, release: number },
  })
}

function newRecord(
  { command, message, revision, version, bundle, options }: ReleaseRequest,
  { lease, clock, number }: { lease: Lease; clock: Clock; number: number },
): ReleaseRecord {
  const { application, environment } = lease.place
  const { arn, host, ciUrl = null, lucree } = lease.author
  return {
    ...{ schema: 1, id: randomUUID(), number, application, environment, fence: lease.fence, command },
    ...{
      outcome: 'in-progress',
      unattended: false,
      version: version ?? null,
      bundle: bundle ?? null,
      ...options,
    },
    ...{ savedConfiguration: null, withheld: [], by: arn, host, ciUrl, lucree },
    at: new Date(clock.now()).toISOString(),
    ...{
      message: message ?? null,
      revision: revision ?? null,
      durationMs: null,
      probe: null,
      cause: null,
      undo: null,
    },
  }
}
