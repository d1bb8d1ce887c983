import type { Clock } from '../clock.ts'
import { ask, type Expected, isGood, look, type Proof, urlOf } from './health.ts'
import { isPassing, lookUntil, type Waiting } from './poll.ts'
import type { Beanstalk, InstanceDescription } from './ports.ts'

/** How long is waited for a proof, and how long it must hold. */
export interface Patience {
  /** How long an application that doesn't answer is given after its deployment, ms: it may still be starting. */
  graceMs: number
  /** How long a version must have run and answered since its deployment, ms; with 0 one good look is enough. */
  steadyMs: number
  /** By this machine's clock the earliest moment that it is counted from: the one at which the change was accepted. */
  notBefore?: number
  /** Hears how long is still waited, ms. */
  onHold?(leftMs: number): void
}

/**
 * Looks at environment, instances and application until all agree that this version runs, and that for `steadyMs`; or something has failed for good,
 * or the time is over. A server that listens and then ends looks well for a moment.
 */
export async function prove(
  beanstalk: Beanstalk,
  expected: Expected,
  waiting: Waiting,
  patience: Patience,
): Promise<Proof> {
  const clock = new ForwardClock(waiting.clock)
  const { graceMs, steadyMs, notBefore = -Infinity } = patience
  const began = clock.now()
  const giveUp = giveUpAt(began, waiting.deadline, patience)
  let earliest = Math.min(notBefore, began)
  let service = beanstalk
  for (let isFirst = true; ; isFirst = false) {
    const deadline = Math.min(waiting.deadline, isFirst ? began + graceMs : giveUp)
    const seen = await untilGood(service, expected, { ...waiting, clock, deadline })
    const { proof } = seen
    if (!proof.proven) return proof
    service = withoutJoining(beanstalk, proof.instances)
    earliest = Math.max(earliest, seen.badAt ?? earliest)
    const since = Math.max(earliest, clock.now() - ageOf(proof.instances))
    const until = Math.max(since + steadyMs, clock.now() + steadyMs / WATCHED)
    const watching = { beanstalk: service, expected, waiting: { ...waiting, clock }, patience }
    const { end, interrupted } = await hold(proof, until, watching)
    if (!interrupted) return end
    if (clock.now() >= giveUp) return brokenOff(proof, end, { expected, patience })
    earliest = clock.now()
  }
}

/** From when an interruption isn't forgiven any more: one as late as at the end of the time leaves room for the whole time once more, if the deadline does. */
function giveUpAt(began: number, deadline: number, { graceMs, steadyMs }: Patience): number {
  const once = began + graceMs + steadyMs
  return Math.max(once, Math.min(deadline, once + steadyMs))
}

/** Goes on by what was slept when the clock below is set back: else that would be waited once more. */
class ForwardClock implements Clock {
  readonly #clock: Clock
  #latest: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#latest = clock.now()
  }

  now(): number {
    this.#latest = Math.max(this.#latest, this.#clock.now())
    return this.#latest
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const began = this.now()
    await this.#clock.sleep(ms, signal)
    this.#latest = Math.max(this.#latest, began + ms)
  }
}

/**
 * Tells of the instances that were there, and of others only when their deployment failed: what joins to carry more load runs no version at first.
 * Of all when none of those is left.
 */
function withoutJoining(beanstalk: Beanstalk, there: InstanceDescription[]): Beanstalk {
  const known = new Set(there.map(({ id }) => id))
  const service: Pick<Beanstalk, 'describeEnvironments' | 'describeInstances'> = {
    describeEnvironments: (...of) => beanstalk.describeEnvironments(...of),
    describeInstances: async (...of) => {
      const instances = await beanstalk.describeInstances(...of)
      if (!instances.some(({ id }) => known.has(id))) return instances
      return instances.filter(({ id, deploymentStatus }) => known.has(id) || deploymentStatus === 'failed')
    },
  }
  return service as Beanstalk
}

/** This part of the time is watched however long ago the deployment was: what ends and is started again may just answer when it is asked once. */
const WATCHED = 5

/** Every look failed or there was no time for one. */
const nothingSeen: Proof = {
  proven: false,
  environment: undefined,
  instances: [],
  answer: undefined,
  missing: 'it could not be looked at',
  final: false,
}

/** The first look that is good or final, else the last one; and when the application was last seen to answer badly or not at all. */
async function untilGood(
  beanstalk: Beanstalk,
  expected: Expected,
  waiting: Waiting,
): Promise<{ proof: Proof; badAt: number | undefined }> {
  let last: Proof | undefined
  let badAt: number | undefined
  const ended = await lookUntil(waiting, async () => {
    last = await look(beanstalk, expected, waiting.clock, waiting.signal)
    if (!isGood(last.answer, expected.healthCheck)) badAt = waiting.clock.now()
    return last.proven || last.final ? last : undefined
  })
  return { proof: ended ?? last ?? nothingSeen, badAt }
}

/** An answer that is an error; that none came says less. */
function isBad({ answer }: Proof, { healthCheck }: Expected): boolean {
  return answer?.status !== undefined && !isGood(answer, healthCheck)
}

/** How long ago the youngest deployment of all instances ended, ms, by the service's clock alone; 0 when one doesn't tell. */
export function ageOf(instances: InstanceDescription[]): number {
  return Math.max(0, Math.min(...instances.map(({ deployedAgoMs }) => deployedAgoMs ?? 0)))
}

interface Watching {
  beanstalk: Beanstalk
  expected: Expected
  waiting: Waiting
  patience: Patience
}

/** How often the application is asked while its proof has to hold: one that ends and is started again is away for a few tenths of a second only. */
const REQUESTS = 50

/**
 * Goes on looking until `until`, past the deadline too: to take what works for a failure would be worse. Two answers in a row that are errors end it
 * for good; `interrupted` is what says nothing against the version yet: no answer came, or one error, or somebody changes the environment.
 */
async function hold(
  first: Proof,
  until: number,
  watching: Watching,
): Promise<{ end: Proof; interrupted: boolean }> {
  const { expected, waiting, patience } = watching
  const { clock, signal, intervalMs } = waiting
  const pauseMs = patience.steadyMs / REQUESTS
  const began = clock.now()
  let lookedAt = began
  let seen = first
  while (clock.now() < until) {
    const left = until - clock.now()
    patience.onHold?.(left)
    await clock.sleep(Math.min(left, pauseMs), signal)
    const isLast = clock.now() >= until
    const isDue = isLast || clock.now() - lookedAt >= intervalMs
    if (isDue) lookedAt = clock.now()
    const now = isDue
      ? await lookAgain(seen, watching, isLast)
      : await askAgain(seen, expected, clock, signal)
    if (isBad(now, expected)) {
      const afterMs = clock.now() - began
      if (now.final) return { end: stopped(first, now, afterMs), interrupted: false }
      await clock.sleep(pauseMs, signal)
      const again = await askAgain(now, expected, clock, signal)
      if (isBad(again, expected)) return { end: stopped(first, now, afterMs), interrupted: false }
    }
    if (now.final) return { end: now, interrupted: false }
    if (!now.proven) return { end: now, interrupted: true }
    seen = now
  }
  return { end: seen, interrupted: false }
}

/** A whole look; one in the middle that the service doesn't answer is made up for by the last one. */
async function lookAgain(
  seen: Proof,
  { beanstalk, expected, waiting }: Watching,
  isLast: boolean,
): Promise<Proof> {
  const { clock, signal, deadline, intervalMs } = waiting
  const once = () => look(beanstalk, expected, clock, signal)
  const patient = { ...waiting, deadline: Math.max(deadline, clock.now() + LAST_LOOKS * intervalMs) }
  try {
    return isLast ? ((await lookUntil(patient, once)) ?? nothingSeen) : await once()
  } catch (error) {
    if (!isPassing(error)) throw error
    return askAgain(seen, expected, clock, signal)
  }
}

/** The last look is tried at least for so many intervals, though the time be over. */
const LAST_LOOKS = 5

/** Only the application is asked: AWS counts every call. */
async function askAgain(seen: Proof, expected: Expected, clock: Clock, signal: AbortSignal): Promise<Proof> {
  const cname = seen.environment?.cname ?? ''
  const answer = await ask(urlOf(cname), expected.healthCheck, clock, signal)
  const proof = { ...seen, answer }
  if (isGood(answer, expected.healthCheck)) return proof
  const how = answer.status === undefined ? 'does not answer' : `answers ${answer.status}`
  return { ...proof, proven: false, missing: `${answer.url} ${how}` }
}

function stopped(first: Proof, now: Proof, afterMs: number): Proof {
  const { url, status } = now.answer ?? { url: '', status: undefined }
  const seconds = (afterMs / 1000).toFixed(1)
  const missing = `${url} answered ${first.answer?.status} at first, and ${status} after ${seconds} s`
  return { ...now, proven: false, final: true, stopped: true, missing }
}

/** `last` is what interrupted it: only an answer that is missing or an error is the application's own. */
function brokenOff(
  good: Proof,
  last: Proof,
  { expected, patience }: Pick<Watching, 'expected' | 'patience'>,
): Proof {
  const { answer } = last
  const time = `for ${patience.steadyMs / 1000} s without a break`
  const seen = { ...(last.environment ? last : good), proven: false }
  if (!answer || isGood(answer, expected.healthCheck)) {
    return { ...seen, missing: `it was never proven ${time}: ${last.missing}` }
  }
  const how = answer.status === undefined ? 'did not answer' : `answered ${answer.status}`
  return { ...seen, stopped: true, missing: `${answer.url} never answered ${time}; at last it ${how}` }
}
