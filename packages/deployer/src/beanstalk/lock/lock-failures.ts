import { LucreeError } from '../../errors.ts'
import { describeAuthor } from '../author.ts'
import type { Place } from '../storage.ts'
import type { Holder, LockDocument, SeenLock } from './lock-document.ts'

/** Somebody else holds the lock. Exit 9. */
export class LockHeld extends LucreeError {
  override readonly name = 'LockHeld'
}

/** The lock was this command's and isn't any more, so nothing further may be changed. Exit 9. */
export class LockLost extends LucreeError {
  override readonly name = 'LockLost'
}

/** `command` is the refused one, which the hint repeats with a wait. */
export function held({ application, environment }: Place, holder: Holder, command: string): LockHeld {
  const manual = holder.kind === 'manual'
  const since = holder.acquiredAt.replace(/\.\d+Z$/, 'Z')
  const why = manual
    ? `${describeAuthor(holder)} locked it by hand at ${since}${holder.message ? ` (“${holder.message}”)` : ''}, and that is not waited for`
    : `${holder.command} of ${describeAuthor(holder)} has held the lock since ${since}`
  return new LockHeld(`${environment} is locked`, {
    code: manual ? 'LUC-LOCK-MANUAL' : 'LUC-LOCK-HELD',
    exitCode: 9,
    why,
    evidence: holder.ciUrl ? [`CI run: ${holder.ciUrl}`] : [],
    hints: manual
      ? ['lucree unlock   # when it is no longer wanted']
      : [
          `${command} --lock-wait 10m   # waits for it; one whose process was killed frees itself within a minute`,
          'lucree unlock --force   # takes it away',
        ],
    document: { application, environment, lock: tellHolder(holder) },
  })
}

/** A lock that its holder renews isn't taken away without force. */
export function stillAlive({ application, environment }: Place, holder: Holder | null | undefined): LockHeld {
  return new LockHeld(`The lock of ${environment} is in use`, {
    code: 'LUC-LOCK-ALIVE',
    exitCode: 9,
    why: holder
      ? `${holder.command} of ${describeAuthor(holder)} gave a sign of life just now`
      : 'somebody wrote it just now',
    evidence: holder?.ciUrl ? [`CI run: ${holder.ciUrl}`] : [],
    hints: ['lucree unlock --force   # takes it away all the same; that command then stops at its next step'],
    document: { application, environment, ...(holder ? { lock: tellHolder(holder) } : {}) },
  })
}

export function unreadable({ application, environment }: Place, why: string): LockHeld {
  return new LockHeld(`The lock of ${environment} can't be read`, {
    code: 'LUC-LOCK-UNREADABLE',
    exitCode: 9,
    why,
    hints: ['update lucree', 'lucree unlock --force   # replaces it'],
    document: { application, environment },
  })
}

/** `seen` is what stands in the lock's place now; undefined when it was removed. */
export function taken({ application, environment }: Place, seen: SeenLock | undefined): LockLost {
  return lost({ application, environment }, whoHasIt(seen?.document), seen?.document?.holder ?? undefined)
}

/** Commands that, given again without further words, carry on what was broken off. */
const CARRIES_ON = /^lucree (deploy|destroy)$/

/** The lock couldn't be renewed until it ran out. `command` held it. */
export function ranOut(
  place: Pick<Place, 'application' | 'environment'>,
  command: string,
  cause: unknown,
): LockLost {
  const reason = cause instanceof LucreeError ? `${cause.message}${cause.why ? `: ${cause.why}` : ''}` : ''
  const failure = lost(
    place,
    `it could not be renewed in time${reason ? ` (${reason})` : ''}`,
    undefined,
    cause,
  )
  if (CARRIES_ON.test(command)) {
    failure.hints.unshift(`${command}   # once AWS is reached again: it carries on`)
  }
  return failure
}

function lost(
  { application, environment }: Pick<Place, 'application' | 'environment'>,
  why: string,
  holder: Holder | undefined,
  cause?: unknown,
): LockLost {
  return new LockLost(`The lock of ${environment} was lost`, {
    code: 'LUC-LOCK-LOST',
    exitCode: 9,
    why: `${why}; nothing more was changed from here`,
    evidence: holder?.ciUrl ? [`CI run: ${holder.ciUrl}`] : [],
    hints: ['lucree status', 'lucree releases'],
    document: { application, environment, ...(holder ? { lock: tellHolder(holder) } : {}) },
    cause,
  })
}

function whoHasIt(document: LockDocument | undefined): string {
  if (!document) return 'somebody removed or replaced it'
  const { holder, freedBy } = document
  if (holder) return `${holder.command} of ${describeAuthor(holder)} took it over`
  return freedBy ? `${describeAuthor(freedBy)} took it away with ${freedBy.command}` : 'it was freed'
}

/** A holder as `--json` tells it. */
export function tellHolder({ kind, arn, host, pid, ciUrl, command, message, acquiredAt }: Holder) {
  return { kind, by: arn, host, pid, ciUrl, command, message, since: acquiredAt }
}
export type ToldHolder = ReturnType<typeof tellHolder>
