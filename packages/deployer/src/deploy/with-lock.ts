import { setMaxListeners } from 'node:events'
import type { AccountCloud } from '../account/ports.ts'
import type { Author, Origin } from '../beanstalk/author.ts'
import { acquireLock, isSilent, LOCK_TIMES, type LockTimes } from '../beanstalk/lock/acquire.ts'
import { Lease } from '../beanstalk/lock/lease.ts'
import { type LockPlace, readLock } from '../beanstalk/lock/lock-document.ts'
import { held } from '../beanstalk/lock/lock-failures.ts'
import { looksAlive } from '../beanstalk/lock/manual-lock.ts'
import { isPassing } from '../beanstalk/poll.ts'
import type { Beanstalk } from '../beanstalk/ports.ts'
import { type Place, storageBucket } from '../beanstalk/storage.ts'
import type { DeployTarget } from '../config/target.ts'
import { LucreeError } from '../errors.ts'
import type { Tools } from './tools.ts'

/** By whom and as which command an environment is changed. */
export interface Actor {
  /** The words of the command, without its arguments, which may hold secrets: `lucree env set`. Others see it. */
  command: string
  /** The command as it can be given again, which a hint repeats: with names, without values. Without it `command`. */
  again?: string | undefined
  /** How long another's lease is waited for, ms; 0 refuses at once. */
  waitMs: number
  origin: Origin
  /** The user's key of fingerprints. */
  fingerprintKey: string
}

/** What is about to be done to an environment, and by whom. */
export interface Undertaking extends Omit<Actor, 'fingerprintKey'> {
  target: Pick<DeployTarget, 'application' | 'environment' | 'region'>
  times?: LockTimes
  /** False: a bucket that isn't there is not made for the lock's sake, and {@link withLock} throws `LUC-LOCK-NO-BUCKET`. */
  makesBucket?: boolean
}

/**
 * Runs `run` while this process holds the environment's lock, and gives the lock back however it ends. The tools that it gets end with a
 * {@link LockLost} as soon as the lock is lost, prove that it is still held right before each call that changes an environment, and have the waited
 * time added to their deadline. Throws {@link LockHeld} (exit 9) when somebody else has it.
 */
export async function withLock<T>(
  tools: Tools,
  { target, command, again, waitMs, origin, times = LOCK_TIMES, makesBucket = true }: Undertaking,
  run: (lease: Lease, tools: Tools) => Promise<T>,
): Promise<T> {
  const { clock, progress } = tools
  const { lock: found, author } = await lockPlace(tools, target, origin)
  const lock = makesBucket ? found : { ...found, makeBucket: () => Promise.resolve() }
  const claim = { author, command, again, kind: 'lease', message: undefined, waitMs, times } as const
  const acquired = await acquireLock(lock, claim, tools)
  const lease = new Lease({ lock, acquired, author, times, clock, progress })
  try {
    return await run(lease, {
      ...tools,
      cloud: fenced(tools.cloud, lease),
      signal: eitherOf(tools.signal, lease.signal),
      deadline: tools.deadline + acquired.waitedMs,
    })
  } catch (error) {
    throw lease.signal.aborted && !tools.signal.aborted ? lossOf(lease, error) : error
  } finally {
    await lease.end()
  }
}

/** Refuses where {@link withLock} would at once, before somebody is asked for what nothing would come of. Takes nothing. */
export async function refuseIfLocked(
  tools: Tools,
  { target, command, again = command, waitMs, origin }: Undertaking,
): Promise<void> {
  const { lock } = await lockPlace(tools, target, origin)
  const seen = await readLock(lock, tools.signal).catch((error: unknown) => {
    // A look that fails in passing refuses nothing: whoever then takes the lock looks again.
    if (isPassing(error)) return undefined
    throw error
  })
  const holder = seen?.document?.holder
  if (!holder) return
  const isUsed = looksAlive(seen, lock.hasEnded) && !isSilent(seen.ageMs, LOCK_TIMES)
  if (holder.kind === 'manual' || (isUsed && waitMs === 0)) throw held(lock.place, holder, again)
}

/** Node warns of eleven listeners on a signal of this kind, which a look at the whole account has at once. */
function eitherOf(...signals: AbortSignal[]): AbortSignal {
  const either = AbortSignal.any(signals)
  setMaxListeners(0, either)
  return either
}

/** Beanstalk knows nothing of fences, so whoever lost the lock has to be kept from changing anything on this side. */
function fenced(cloud: AccountCloud, lease: Lease): AccountCloud {
  const { beanstalk } = cloud
  const held = async <T>(call: () => Promise<T>, signal = lease.signal): Promise<T> => {
    await lease.check(signal)
    return call()
  }
  const changing: Partial<Beanstalk> = {
    createEnvironment: (request, signal) => held(() => beanstalk.createEnvironment(request, signal), signal),
    updateEnvironment: (request, signal) => held(() => beanstalk.updateEnvironment(request, signal), signal),
    terminateEnvironment: (name, signal) => held(() => beanstalk.terminateEnvironment(name, signal), signal),
    forceTerminate: (name, signal) => held(() => beanstalk.forceTerminate(name, signal), signal),
    rebuildEnvironment: (id, signal) => held(() => beanstalk.rebuildEnvironment(id, signal), signal),
    restartApplication: (name, signal) => held(() => beanstalk.restartApplication(name, signal), signal),
    abortUpdate: (name, signal) => held(() => beanstalk.abortUpdate(name, signal), signal),
  }
  const behind = Object.assign(Object.create(beanstalk) as Beanstalk, changing)
  return { ...cloud, beanstalk: behind }
}

/** Where the environment's lock is, and as whom it is asked for. Makes nothing. */
export async function lockPlace(
  tools: Pick<Tools, 'cloud' | 'signal' | 'hasEnded'>,
  target: Undertaking['target'],
  origin: Origin,
): Promise<{ lock: LockPlace; author: Author }> {
  const { cloud } = tools
  const { place, arn } = await placeOf(tools, target)
  return {
    lock: {
      documents: cloud.documents,
      place,
      makeBucket: (signal) => cloud.beanstalk.createStorageLocation(signal),
      hasEnded: tools.hasEnded,
    },
    author: { ...origin, arn },
  }
}

/** Where lucree's own objects of the environment are, and who asks. Makes nothing. */
export async function placeOf(
  { cloud, signal }: Pick<Tools, 'cloud' | 'signal'>,
  { application, environment, region }: Undertaking['target'],
): Promise<{ place: Place; arn: string }> {
  const { accountId, arn } = await cloud.identity.describeCaller(signal)
  return { place: { bucket: storageBucket(region, accountId), application, environment }, arn }
}

/** After the loss every error is its consequence; what the error knows of the deploy is kept. */
function lossOf({ signal }: Lease, error: unknown): unknown {
  const reason: unknown = signal.reason
  if (reason instanceof LucreeError && error instanceof LucreeError && error !== reason) {
    Object.assign(reason.document, { ...error.document, ...reason.document })
  }
  return reason
}
