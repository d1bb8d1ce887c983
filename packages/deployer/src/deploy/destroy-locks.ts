import type { Inventory } from '../account/inventory/inventory.ts'
import { type Held, isKind } from '../account/inventory/item.ts'
import type { Lease } from '../beanstalk/lock/lease.ts'
import { lockKey } from '../beanstalk/lock/lock-document.ts'
import { LockHeld } from '../beanstalk/lock/lock-failures.ts'
import { LucreeError } from '../errors.ts'
import type { DestroyRequest } from './destroy.ts'
import type { Tools } from './tools.ts'
import { refuseIfLocked, withLock } from './with-lock.ts'

/** Locks that a removal holds, by the keys of their objects. */
export type HeldLocks = ReadonlyMap<string, Lease>

type Locking = Pick<DestroyRequest, 'of' | 'scope' | 'planned' | 'actor'>

/**
 * Runs `run` while this process holds the locks of all environments that are to go: one after the other, in the order of their names, so that two
 * never wait for each other. Where there is no bucket nobody can have locked, and none is made only for that.
 */
export function withLocks<T>(
  request: Locking,
  tools: Tools,
  run: (locks: HeldLocks, tools: Tools) => Promise<T>,
): Promise<T> {
  const waitsUntil = tools.clock.now() + request.actor.waitMs
  return locking(environmentsOf(request), new Map(), { request, waitsUntil, run }, tools)
}

/** Refuses where {@link withLocks} would at once, before somebody is asked for what nothing would come of. Takes nothing. */
export async function refuseIfAnyLocked(request: Locking, tools: Tools): Promise<void> {
  const { of, actor } = request
  for (const environment of environmentsOf(request)) {
    const target = { application: of.application, region: of.region, environment }
    await refuseIfLocked(tools, { ...actor, target }).catch((error: unknown) => {
      throw error instanceof LockHeld ? named(error, environment, request) : error
    })
  }
}

async function locking<T>(
  [environment, ...others]: string[],
  locks: HeldLocks,
  of: { request: Locking; waitsUntil: number; run: (locks: HeldLocks, tools: Tools) => Promise<T> },
  tools: Tools,
): Promise<T> {
  if (environment === undefined) return of.run(locks, tools)
  const { actor, of: what } = of.request
  let isHeld = false
  try {
    const target = { application: what.application, region: what.region, environment }
    // What was waited for one lock is waited no more for the others.
    const waitMs = Math.max(0, of.waitsUntil - tools.clock.now())
    return await withLock(tools, { ...actor, target, waitMs, makesBucket: false }, (lease, held) => {
      isHeld = true
      return locking(others, new Map([...locks, [lockKey(lease.place), lease]]), of, held)
    })
  } catch (error) {
    if (isHeld) throw error
    if (error instanceof LockHeld) throw named(error, environment, of.request)
    if (error instanceof LucreeError && error.code === 'LUC-LOCK-NO-BUCKET') return of.run(locks, tools)
    throw error
  }
}

/**
 * Environments that are there, and those that have a lock: a first deploy has it before it has its environment. When the whole application goes, also
 * those of the project file, which somebody may be about to make.
 */
function environmentsOf({ of, scope, planned }: Locking): string[] {
  const isWhole = scope.environment === undefined && !scope.keepVersions
  const names = [
    ...liveOf(planned),
    ...lockedOf(of.application, planned),
    ...(isWhole ? of.environments : []),
  ]
  return [...new Set(names)].sort()
}

function liveOf({ items }: Inventory): string[] {
  return items.filter(isKind('environment')).map(({ name }) => name)
}

function lockedOf(application: string, { items }: Inventory): string[] {
  return items.filter((held) => isLock(held, application)).flatMap(({ environment }) => environment ?? [])
}

/** Whether a thing is the lock of an environment. */
export function isLock(held: Held, application: string): boolean {
  if (held.kind !== 'object' || held.environment === undefined) return false
  const { bucket, environment, key } = held
  return key === lockKey({ bucket, application, environment })
}

/** Which of several environments it is has to be said by the next command too. */
function named(error: LockHeld, environment: string, { of, scope }: Locking): LockHeld {
  const isOnly = of.environments.length === 1 && of.environments[0] === environment
  if (scope.environment !== undefined || isOnly) return error
  for (const [at, hint] of error.hints.entries()) {
    error.hints[at] = hint.replace(/^lucree unlock\b/, `lucree unlock --environment ${environment}`)
  }
  return error
}
