import * as z from 'zod'
import type { Place } from '../storage.ts'
import { recordsPrefix } from '../storage.ts'

/** How a release ended, or that it hasn't. `rolled-back`: it failed, and the release before serves again. */
export const OUTCOMES = [
  'in-progress',
  'deployed',
  'failed',
  'rolled-back',
  'timed-out',
  'interrupted',
] as const
export type ReleaseOutcome = (typeof OUTCOMES)[number]

const Setting = z.object({ namespace: z.string(), name: z.string(), value: z.string() })

/** What a release's options were, less every value that may be secret. */
const Options = z.object({
  /** Options other than properties and secrets. */
  settings: z.array(Setting),
  /** Environment properties; `length` in bytes, `fingerprint` keyed. */
  properties: z.array(
    z.object({
      name: z.string(),
      store: z.literal('property'),
      length: z.number().int().nonnegative(),
      fingerprint: z.string(),
    }),
  ),
  /** Secrets by their ids; `versionId` is the store's own of one value. */
  secrets: z.array(z.object({ name: z.string(), arn: z.string(), versionId: z.string().nullable() })),
  /** Which key the fingerprints were made with: they compare only under the same. */
  fingerprintKey: z.string().nullable(),
})
export type ReleaseOptions = z.infer<typeof Options>

/** One release as it lies in the bucket. Never a value of a property or a secret. */
export const ReleaseRecord = Options.extend({
  schema: z.literal(1),
  /** Of this record and no other: two writers never write the same bytes. */
  id: z.uuid(),
  number: z.number().int().positive(),
  application: z.string(),
  environment: z.string(),
  /** Number of the lock that it is made under. */
  fence: z.number().int().nonnegative(),
  /** The words of the command, without its arguments. */
  command: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Nobody waited for its end (`--no-wait`): it stays in progress until a later command sees how it went. */
  unattended: z.boolean().default(false),
  /** Label of Beanstalk's version; null until it is known. */
  version: z.string().nullable(),
  bundle: z.object({ key: z.string(), digest: z.string() }).nullable(),
  /** Name of the saved configuration that keeps the properties' values in Beanstalk; null without one. */
  savedConfiguration: z.string().nullable(),
  /** Properties whose values the saved configuration doesn't have, because they are secret. */
  withheld: z.array(z.string()),
  by: z.string(),
  host: z.string(),
  ciUrl: z.string().nullable(),
  lucree: z.string(),
  /** When it began, by the clock of the machine that made it. */
  at: z.iso.datetime(),
  message: z.string().nullable(),
  revision: z.object({ commit: z.string(), subject: z.string(), dirty: z.boolean() }).nullable(),
  durationMs: z.number().int().nonnegative().nullable(),
  /** What visitors met while it was made: requests of lucree's own, and the longest time without a good answer, ms. Null when nothing served. */
  probe: z
    .object({
      requests: z.number().int().nonnegative(),
      failed: z.number().int().nonnegative(),
      longestGapMs: z.number().nonnegative(),
    })
    .nullable()
    .default(null),
  /** Why it didn't end well: a diagnosis's code and its sentence. */
  cause: z.object({ code: z.string(), sentence: z.string() }).nullable(),
  /** The command that leads back to what was before. */
  undo: z.string().nullable(),
})
export type ReleaseRecord = z.infer<typeof ReleaseRecord>

/** `lucree/shop/environments/shop-production/releases/000042.json`. */
export function releaseKey(place: Place, number: number): string {
  return `${releasesPrefix(place)}${String(number).padStart(6, '0')}.json`
}

export function releasesPrefix({ application, environment }: Place): string {
  return `${recordsPrefix(application, environment)}releases/`
}

/** The number that a key carries; undefined for what isn't a release's. */
export function numberOf(key: string): number | undefined {
  const digits = /\/(\d{6,15})\.json$/.exec(key)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Reads a record, or says why it can't be read: a broken or newer one never stands in the way of the others. */
export function parseRelease(body: string): ReleaseRecord | { unreadable: string } {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { unreadable: 'it is not JSON' }
  }
  const record = ReleaseRecord.safeParse(json)
  if (record.success) return record.data
  if (z.object({ schema: z.number().min(2) }).safeParse(json).success) {
    return { unreadable: 'a newer lucree wrote it' }
  }
  const issue = record.error.issues[0]
  return { unreadable: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'it is not a release'}` }
}

export function serialiseRelease(record: ReleaseRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`
}
