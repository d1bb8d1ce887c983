import type { Beanstalk, BeanstalkEvent, EnvironmentDescription } from './ports.ts'
import { EnvironmentStatus } from './environment-status.ts'
import { isPassing, pause, type Waiting } from './poll.ts'

/** A change that Beanstalk has accepted and is carrying out. */
export interface EnvironmentChange {
  application: string
  environment: string
  /** Id of the call; its events carry it (health transitions don't). */
  requestId: string
  startedAt: Date
  /** The environment as it was before; undefined when it is being made. */
  before: Pick<EnvironmentDescription, 'updatedAt'> | undefined
}

/** What following a change gives: Beanstalk's events, and looks at the environment between them. */
export type Followed =
  | { kind: 'event'; event: BeanstalkEvent }
  | { kind: 'state'; environment: EnvironmentDescription | undefined }

/**
 * Follows a change until the environment is settled, oldest event first, or ends quietly at the deadline. State decides when it is over; the
 * wording of events never does. When it is over the events are read once more, because the reason often comes last.
 */
export async function* followChange(
  beanstalk: Beanstalk,
  change: EnvironmentChange,
  waiting: Waiting,
): AsyncGenerator<Followed> {
  const tail = new EventTail(beanstalk, change)
  const settlement = new Settlement(change, waiting.clock.now())
  let failures = 0
  for (;;) {
    try {
      const [environment] = await beanstalk.describeEnvironments(change, waiting.signal)
      for (const event of await tail.next(waiting.signal)) {
        settlement.see(event)
        yield { kind: 'event', event }
      }
      yield { kind: 'state', environment }
      if (settlement.isReached(environment, waiting.clock.now())) {
        for (const event of await tail.next(waiting.signal)) yield { kind: 'event', event }
        return
      }
      failures = 0
    } catch (error) {
      if (!isPassing(error)) throw error
      failures += 1
    }
    if (!(await pause(waiting, failures))) return
  }
}

/** A change of which nothing was seen for this long is taken for over when the environment is Ready, ms. */
const UNSEEN_MS = 60_000

/**
 * Whether a change is over. An answer from before it may come late: Ready only counts once something of the change has been seen, which is another
 * status, one of its events, or a newer date of the environment.
 */
class Settlement {
  readonly #change: EnvironmentChange
  readonly #since: number
  #begun: boolean

  constructor(change: EnvironmentChange, now: number) {
    this.#change = change
    this.#since = now
    this.#begun = change.requestId === ''
  }

  see(event: BeanstalkEvent): void {
    if (event.requestId === this.#change.requestId) this.#begun = true
  }

  isReached(environment: EnvironmentDescription | undefined, now: number): boolean {
    const { before } = this.#change
    if (!environment) return before !== undefined || this.#begun
    const status = EnvironmentStatus.of(environment)
    if (!status.isReady) this.#begun = true
    if (before?.updatedAt && environment.updatedAt && environment.updatedAt > before.updatedAt)
      this.#begun = true
    return status.isSettled && (this.#begun || now - this.#since > UNSEEN_MS)
  }
}

/** Reads the events of an environment that haven't been read yet, oldest first. */
export class EventTail {
  readonly #beanstalk: Beanstalk
  readonly #of: { application: string; environment: string; severity?: string }
  #since: Date
  /** Events at exactly `#since`: the service's start time is inclusive (facts sheet §3.2). */
  #seen = new Map<string, number>()

  constructor(
    beanstalk: Beanstalk,
    of: { application: string; environment: string; startedAt: Date; severity?: string | undefined },
  ) {
    const { application, environment, startedAt, severity } = of
    this.#beanstalk = beanstalk
    this.#of = { application, environment, ...(severity ? { severity } : {}) }
    this.#since = startedAt
  }

  async next(signal?: AbortSignal): Promise<BeanstalkEvent[]> {
    const events = await this.#beanstalk.describeEvents({ ...this.#of, since: this.#since }, signal)
    const old = new Map(this.#seen)
    const fresh = events.filter((event) => {
      const left = old.get(identity(event)) ?? 0
      if (left > 0) old.set(identity(event), left - 1)
      return left === 0
    })
    const newest = events.at(-1)?.at
    if (newest) {
      this.#since = newest
      this.#seen = count(events.filter(({ at }) => at.getTime() === newest.getTime()))
    }
    return fresh
  }
}

/** Two events may be alike to the letter and still be two, so they are counted. */
function count(events: BeanstalkEvent[]): Map<string, number> {
  const counted = new Map<string, number>()
  for (const event of events) counted.set(identity(event), (counted.get(identity(event)) ?? 0) + 1)
  return counted
}

function identity({ at, requestId, message }: BeanstalkEvent): string {
  return `${at.getTime()} ${requestId ?? ''} ${message}`
}
