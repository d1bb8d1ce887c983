import * as z from 'zod'
import type { Documents } from '../ports.ts'
import { type Place, recordsPrefix } from '../storage.ts'
import { saidOfRights } from './rights.ts'

/** Where a lock is, and through what it is reached. */
export interface LockPlace {
  documents: Documents
  place: Place
  /** Makes the bucket if it isn't there: in an account where nothing was ever deployed it isn't. May be repeated. */
  makeBucket(signal: AbortSignal): Promise<unknown>
  /** Whether the process that held a lease is known to have ended. Undefined where that can't be known: its silence tells then. */
  hasEnded?: HasEnded | undefined
}

/** Answers true only of a process that certainly ran on this machine and doesn't any more. */
export type HasEnded = (process: { host: string; pid: number }) => boolean

const Author = z.object({
  arn: z.string(),
  host: z.string(),
  pid: z.number().int(),
  ciUrl: z.string().nullable(),
  lucree: z.string(),
})

const Holder = Author.extend({
  /** Of this acquisition and no other: two holders never write the same bytes, so that an ETag that is unchanged means that nobody wrote. */
  id: z.uuid(),
  /** A lease runs out when its holder falls silent; a manual lock stays until it is unlocked. */
  kind: z.enum(['lease', 'manual']),
  /** The words of the command, without its arguments: they may hold secrets. */
  command: z.string(),
  message: z.string().nullable(),
  /** By the holder's clock; shown, never judged by. */
  acquiredAt: z.iso.datetime(),
  /** Milliseconds of silence after which the lock is anybody's; null for a manual lock. */
  ttlMs: z.number().int().positive().nullable(),
  /** How often the holder has written since: makes each sign of life another object. */
  beats: z.number().int().nonnegative(),
})
export type Holder = z.infer<typeof Holder>

const LockDocument = z.object({
  schema: z.literal(1),
  /** Grows with every acquisition and is never taken back: a release carries the number of the lock that it was made under. */
  fence: z.number().int().nonnegative(),
  holder: Holder.nullable(),
  /** Who took the lock from its holder, when it wasn't the holder. */
  freedBy: Author.extend({ command: z.string() }).nullable(),
})
export type LockDocument = z.infer<typeof LockDocument>

/** A lock as it was read; `document` is undefined when what lies there isn't one, and `unreadable` says why. */
export interface SeenLock {
  etag: string
  ageMs: number | undefined
  document: LockDocument | undefined
  unreadable: string | undefined
  /** Of the document, or as far as an unreadable one tells. */
  fence: number
}

export function lockKey({ application, environment }: Place): string {
  return `${recordsPrefix(application, environment)}lock.json`
}

/** Undefined when nobody has ever locked. Throws a PermissionError that names the rights. */
export async function readLock(
  { documents, place }: Pick<LockPlace, 'documents' | 'place'>,
  signal: AbortSignal,
): Promise<SeenLock | undefined> {
  const found = await saidOfRights(place, 'read', () => documents.read(place.bucket, lockKey(place), signal))
  return found && { etag: found.etag, ageMs: found.ageMs, ...parse(found.body) }
}

/** Writes the lock if it is still what `replaces` says. Throws a PermissionError that names the rights. */
export function writeLock(
  { documents, place }: LockPlace,
  { document, replaces }: { document: LockDocument; replaces: string | undefined },
  signal: AbortSignal,
): Promise<{ etag: string } | 'conflict'> {
  const { bucket } = place
  const body = `${JSON.stringify(document, undefined, 2)}\n`
  return saidOfRights(place, 'written', () =>
    documents.write({ bucket, key: lockKey(place), body, replaces }, signal),
  )
}

function parse(body: string): Pick<SeenLock, 'document' | 'unreadable' | 'fence'> {
  const json = parseJson(body)
  const document = LockDocument.safeParse(json)
  if (document.success) return { document: document.data, unreadable: undefined, fence: document.data.fence }
  const told = z.object({ fence: z.number().int().nonnegative() }).safeParse(json)
  const newer = z.object({ schema: z.number().min(2) }).safeParse(json).success
  return {
    document: undefined,
    unreadable: newer ? 'a newer lucree wrote it' : 'it is not what lucree writes',
    fence: told.data?.fence ?? 0,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
