import type { Clock } from '../clock.ts'
import { answers, ask, type Expected, look, type Proof, urlOf } from './health.ts'
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
  const { clock } = waiting
  const { graceMs, steadyMs, notBefore = -Infinity } = patience
  const began = clock.now()
  const giveUp = began + graceMs + steadyMs
  let earliest = notBefore
  for (let isFirst = true; ; isFirst = false) {
    const deadline = Math.min(waiting.deadline, isFirst ? began + graceMs : giveUp)
    const seen = await untilGood(beanstalk, expected, { ...waiting, deadline })
    const { proof } = seen
    if (!proof.proven) return proof
    earliest = Math.max(earliest, seen.badAt ?? earliest)
    const since = Math.max(earliest, clock.now() - ageOf(proof.instances))
    const until = Math.max(since + steadyMs, clock.now() + steadyMs / WATCHED)
    const held = await hold(proof, until, { beanstalk, expected, waiting, patience })
    if (held !== 'interrupted') return held
    if (clock.now() >= giveUp) return brokenOff(proof, steadyMs)
    earliest = clock.now()
  }
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
    if (!isGood(last, expected)) badAt = waiting.clock.now()
    return last.proven || last.final ? last : undefined
  })
  return { proof: ended ?? last ?? nothingSeen, badAt }
}

function isGood({ answer }: Proof, { healthCheck }: Expected): boolean {
  return answer?.status !== undefined && answers(answer.status, healthCheck)
}

/** How long ago the youngest deployment of all instances ended, ms, by the service's clock alone; 0 when one doesn't tell. */
export function ageOf(instances: InstanceDescription[]): number {
  return Math.max(0, Math.min(...instances.map(({ deployedAgoMs }) => deployedAgoMs ?? 0)))
}

interface Held {
  beanstalk: Beanstalk
  expected: Expected
  waiting: Waiting
  patience: Patience
}

/** How often the application is asked while its proof has to hold. */
const REQUESTS = 10

/**
 * Goes on looking until `until`, past the deadline too: to take what works for a failure would be worse. An answer that is an error ends it for good;
 * `interrupted` is what says nothing against the version: no answer came, or somebody changes the environment.
 */
async function hold(first: Proof, until: number, held: Held): Promise<Proof | 'interrupted'> {
  const { expected, waiting, patience } = held
  const { clock, signal, intervalMs } = waiting
  const began = clock.now()
  let lookedAt = began
  let seen = first
  while (clock.now() < until) {
    const left = until - clock.now()
    patience.onHold?.(left)
    await clock.sleep(Math.min(left, patience.steadyMs / REQUESTS), signal)
    const isLast = clock.now() >= until
    const isDue = isLast || clock.now() - lookedAt >= intervalMs
    if (isDue) lookedAt = clock.now()
    const now = isDue ? await lookAgain(seen, held, isLast) : await askAgain(seen, expected, clock, signal)
    if (now.answer?.status !== undefined && !isGood(now, expected))
      return stopped(first, now, clock.now() - began)
    if (now.final) return now
    if (!now.proven) return 'interrupted'
    seen = now
  }
  return seen
}

/** A whole look; one in the middle that the service doesn't answer is made up for by the last one. */
async function lookAgain(
  seen: Proof,
  { beanstalk, expected, waiting }: Held,
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
  return isGood(proof, expected)
    ? proof
    : { ...proof, proven: false, missing: `${answer.url} does not answer` }
}

function stopped(first: Proof, now: Proof, afterMs: number): Proof {
  const { url, status } = now.answer ?? { url: '', status: undefined }
  const seconds = (afterMs / 1000).toFixed(1)
  const missing = `${url} answered ${first.answer?.status} at first, and ${status} after ${seconds} s`
  return { ...now, proven: false, final: true, stopped: true, missing }
}

function brokenOff(proof: Proof, steadyMs: number): Proof {
  const missing = `${proof.answer?.url ?? 'it'} never answered for ${steadyMs / 1000} s without a break`
  return { ...proof, proven: false, stopped: true, missing }
}
