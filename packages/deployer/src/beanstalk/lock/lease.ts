import type { Clock } from '../../clock.ts'
import type { Progress } from '../../deploy/progress.ts'
import type { Author } from '../author.ts'
import { isPassing } from '../poll.ts'
import { withinTime } from '../time-limit.ts'
import type { Acquired, LockTimes } from './acquire.ts'
import { lockKey, type LockDocument, type LockPlace, readLock, writeLock } from './lock-document.ts'
import { type LockLost, ranOut, stillAlive, taken } from './lock-failures.ts'

/** How often a conflict that turns out to be none (an answer was lost, another write was being refused) is tried again. */
const MOST_CONFLICTS = 5
/** The longest that giving a lock back takes, ms. */
const ENDING_MS = 5_000

interface LeaseOptions {
  lock: LockPlace
  acquired: Acquired
  author: Author
  times: LockTimes
  clock: Clock
  progress: Progress
}

/**
 * A lock that this process holds. It gives a sign of life every ten seconds, as a conditional write of the object that it wrote last: one that succeeds
 * proves that nobody else has held the lock in between. While S3 can't be reached the lease counts until its time is up, by this machine's clock from
 * before the last write that succeeded, which is earlier than any observer can count it. After that it may be somebody else's and nothing is changed any
 * more, but it isn't given up: a machine that slept, or was without a network, goes on when the next write shows that nobody took it.
 */
export class Lease {
  readonly author: Author
  readonly #lock: LockPlace
  readonly #times: LockTimes
  readonly #clock: Clock
  readonly #progress: Progress
  readonly #lost = new AbortController()
  readonly #ended = new AbortController()
  readonly #beating: Promise<void>
  #document: Acquired['document']
  #etag: string
  #provenAt: number
  /** Slept since the last proof: a clock that was set back doesn't make a lease younger. */
  #sleptMs = 0
  #turn: Promise<unknown> = Promise.resolve()
  /** The lock was given back, with its object or without. */
  #gone = false

  /** Begins with the signs of life at once. */
  constructor({ lock, acquired, author, times, clock, progress }: LeaseOptions) {
    this.author = author
    this.#lock = lock
    this.#times = times
    this.#clock = clock
    this.#progress = progress
    this.#document = acquired.document
    this.#etag = acquired.etag
    this.#provenAt = acquired.provenAt
    this.#beating = this.#beat()
  }

  /** Grows with every acquisition of this lock, by anybody. */
  get fence(): number {
    return this.#document.fence
  }

  get place() {
    return this.#lock.place
  }

  /** Aborted with a {@link LockLost} when the lock isn't this process's any more. */
  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /**
   * Proves, by a write, that the lock is still held; belongs right before every call that changes the environment, because Beanstalk knows nothing of
   * fences. Throws {@link LockLost}. While S3 can't be reached it answers as long as the lease has a good part of its time left.
   */
  async check(signal: AbortSignal): Promise<void> {
    this.#throwIfLost()
    try {
      await this.#inTurn(() => this.#renew(signal))
    } catch (error) {
      this.#throwIfLost()
      signal.throwIfAborted()
      if (this.#ageMs() >= this.#times.ttlMs - this.#times.beatMs) throw this.#loseByTime(error)
    }
  }

  /** Gives the lock back; the number stays. What was lost already is left to its owner, and so is one that can't be given back: it runs out. */
  async end(): Promise<void> {
    if (this.#gone || !(await this.#stop())) return
    this.#gone = true
    try {
      await withinTime(this.#clock, ENDING_MS, (signal) => this.#giveBack(signal))
    } catch (error) {
      const seconds = Math.round(this.#times.ttlMs / 1_000)
      const why = error instanceof Error ? error.message : String(error)
      this.#progress.emit({
        kind: 'warning',
        message: `The lock could not be given back (${why}); it frees itself within ${seconds} s`,
      })
    }
  }

  /**
   * Gives the lock back by removing it, the number with it: where the environment and its releases are removed too. Throws {@link LockLost} when it
   * isn't held any more, and what keeps it from being removed; {@link end} then gives it back.
   */
  async remove(signal: AbortSignal): Promise<void> {
    await this.#stop()
    this.#throwIfLost()
    const { documents, place } = this.#lock
    const object = { bucket: place.bucket, key: lockKey(place) }
    for (let conflicts = 0; ; conflicts += 1) {
      if ((await documents.remove({ ...object, etag: this.#etag }, signal)) !== 'conflict') break
      const seen = await readLock(this.#lock, signal)
      if (seen && seen.document?.holder?.id !== this.#document.holder.id) throw this.#lose(taken(place, seen))
      // Its own, when the answer to its last sign of life was lost.
      this.#etag = seen?.etag ?? this.#etag
      if (conflicts >= MOST_CONFLICTS) throw stillAlive(place, seen?.document?.holder)
    }
    this.#gone = true
  }

  /** Ends the signs of life. False when the lock was lost. */
  async #stop(): Promise<boolean> {
    this.#ended.abort()
    await this.#beating
    await this.#turn
    return !this.#lost.signal.aborted
  }

  async #giveBack(signal: AbortSignal): Promise<void> {
    const document: LockDocument = { ...this.#document, holder: null, freedBy: null }
    const written = await writeLock(this.#lock, { document, replaces: this.#etag }, signal)
    if (written !== 'conflict') return
    const seen = await readLock(this.#lock, signal)
    if (seen?.document?.holder?.id !== this.#document.holder.id) return
    await writeLock(this.#lock, { document, replaces: seen.etag }, signal)
  }

  async #beat(): Promise<void> {
    const { ttlMs, beatMs, pollMs } = this.#times
    let failing: 'no' | 'in time' | 'too long' = 'no'
    while (!this.#isOver) {
      const ms = failing === 'no' ? beatMs : pollMs
      try {
        await this.#clock.sleep(ms, this.#ended.signal)
      } catch {
        return
      }
      this.#sleptMs += ms
      try {
        await this.#inTurn(() => this.#renew(this.#ended.signal))
        if (failing === 'too long')
          this.#progress.emit({ kind: 'note', message: 'The lock was renewed: nobody took it' })
        failing = 'no'
      } catch (error) {
        if (this.#isOver) return
        const now = this.#ageMs() >= ttlMs ? 'too long' : 'in time'
        if (now === 'too long' && !isPassing(error)) this.#loseByTime(error)
        else if (now !== failing) this.#warn(error, now)
        failing = now
      }
    }
  }

  /** One sign of life. Throws {@link LockLost} when somebody else wrote, and whatever kept it from being written. */
  async #renew(signal: AbortSignal): Promise<void> {
    for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
      const { holder } = this.#document
      const document = { ...this.#document, holder: { ...holder, beats: holder.beats + 1 } }
      const askedAt = this.#clock.now()
      const written = await writeLock(this.#lock, { document, replaces: this.#etag }, signal)
      if (written !== 'conflict') {
        this.#document = document
        this.#etag = written.etag
        this.#provenAt = askedAt
        this.#sleptMs = 0
        return
      }
      const seen = await readLock(this.#lock, signal)
      if (seen?.document?.holder?.id !== holder.id) throw this.#lose(taken(this.place, seen))
      this.#document = { ...this.#document, holder: seen.document.holder }
      this.#etag = seen.etag
    }
    throw new Error('its writes are refused in favour of others, although nobody else has it')
  }

  /** The process's own writes don't compete with one another. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(() => this.#throwIfLost()).then(task)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  /** The larger of what the clock and what the sleeps say: one covers a machine that was suspended, the other a clock that was set back. */
  #ageMs(): number {
    return Math.max(this.#clock.now() - this.#provenAt, this.#sleptMs)
  }

  get #isOver(): boolean {
    return this.#ended.signal.aborted || this.#lost.signal.aborted
  }

  #lose(reason: LockLost): LockLost {
    if (!this.#lost.signal.aborted) this.#lost.abort(reason)
    return this.#lost.signal.reason as LockLost
  }

  #loseByTime(cause: unknown): LockLost {
    return this.#lose(ranOut(this.place, this.#document.holder.command, cause))
  }

  #throwIfLost(): void {
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason as LockLost
  }

  #warn(error: unknown, failing: 'in time' | 'too long'): void {
    const why = error instanceof Error ? error.message : String(error)
    const seconds = Math.round(this.#times.ttlMs / 1_000)
    const message =
      failing === 'in time'
        ? `The lock could not be renewed (${why}); it is tried again`
        : `The lock could not be renewed for ${seconds} s (${why}): another command may take it, and this one then ends. It is tried on`
    this.#progress.emit({ kind: 'warning', message })
  }
}
