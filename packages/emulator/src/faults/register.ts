import type { Arming } from './arming.ts'
import { isFaultName, readFault } from './catalog.ts'
import { FaultError, type Fault, type FaultKind } from './fault.ts'

/** A fault that waits for its moment. */
export interface Armed {
  fault: string
  does: string
  left: number | 'forever'
  after: number
  probability: number
  environment: string | null
  action: string | null
  keep: boolean
  /** How often it has happened. */
  happened: number
}

/** Which of the armed faults are cleared: all that have what is given. */
export interface Clearing {
  /** The name by which they were armed, with or without its argument. */
  name?: string | undefined
  /** The environment that they were armed for, as it was given then. */
  environment?: string | undefined
}

interface Entry extends Armed {
  kind: FaultKind
  effect: Fault
}

export interface RegisterOptions {
  /** Writes what must survive a restart. */
  keep: (kept: Arming[]) => Promise<void>
  /** Whether the server is a process of its own, that may be killed. */
  mayKill: boolean
  /** Gives numbers from 0 up to 1. */
  random?: () => number
}

/** The faults that are armed, in the order in which they were. */
export class FaultRegister {
  readonly #entries: Entry[] = []
  readonly #options: RegisterOptions
  #kept: Promise<void> = Promise.resolve()

  constructor(options: RegisterOptions) {
    this.#options = options
  }

  list(): Armed[] {
    return this.#entries.map(({ kind: _kind, effect: _effect, ...told }) => told)
  }

  /** Whether any is armed that does such a thing. */
  has(does: (effect: Fault) => boolean): boolean {
    return this.#entries.some(({ effect }) => does(effect))
  }

  /** Throws FaultError for a fault that there isn't. */
  async arm(arming: Arming): Promise<Armed> {
    const { kind, fault: effect } = readFault(arming.fault)
    if (effect.kills && !this.#options.mayKill) {
      throw new FaultError('InvalidFault', 'Only a server that is a process of its own can be killed.')
    }
    const entry: Entry = {
      fault: arming.fault,
      does: kind.does,
      left: arming.times ?? (kind.lasting ? 'forever' : 1),
      after: arming.after ?? 0,
      probability: arming.probability ?? 1,
      environment: arming.environment ?? null,
      action: arming.action ?? null,
      keep: arming.keep ?? false,
      happened: 0,
      kind,
      effect,
    }
    this.#entries.push(entry)
    if (entry.keep) await this.#write()
    const { kind: _kind, effect: _effect, ...told } = entry
    return told
  }

  /** Disarms what is meant; everything, when nothing is said. Answers how many. */
  async clear({ name, environment }: Clearing = {}): Promise<number> {
    if (name !== undefined) readName(name)
    const gone = this.#entries.filter(
      ({ fault, kind, environment: its }) =>
        (name === undefined || fault === name || kind.name === name) &&
        (environment === undefined || its === environment),
    )
    for (const entry of gone) this.#entries.splice(this.#entries.indexOf(entry), 1)
    if (gone.some(({ keep }) => keep)) await this.#write()
    return gone.length
  }

  /** The armed faults of which `meant` says so and whose turn it is now; each one that is taken has happened. */
  async *happening(meant: (effect: Fault, armed: Armed) => boolean): AsyncGenerator<Fault> {
    for (const entry of [...this.#entries]) {
      if (!meant(entry.effect, entry) || !(await this.#takesPlace(entry))) continue
      yield entry.effect
    }
  }

  async #takesPlace(entry: Entry): Promise<boolean> {
    // cleared, or used up by another, while one before it took its time
    if (!this.#entries.includes(entry)) return false
    const { random = Math.random } = this.#options
    const happens = entry.after === 0 && random() < entry.probability
    if (entry.after > 0) entry.after -= 1
    else if (!happens) return false
    if (happens) {
      entry.happened += 1
      if (entry.left !== 'forever') entry.left -= 1
      if (entry.left === 0) this.#entries.splice(this.#entries.indexOf(entry), 1)
    }
    if (entry.keep) await this.#write()
    return happens
  }

  /** One write after the other, so that the last one is what counts. */
  #write(): Promise<void> {
    const written = this.#kept.then(() =>
      this.#options.keep(this.#entries.filter(({ keep }) => keep).map(asArming)),
    )
    // told to whoever waits for it; the next one is tried all the same
    this.#kept = written.catch(() => undefined)
    return written
  }
}

const asArming = ({ fault, left, after, probability, environment, action }: Entry): Arming => ({
  fault,
  times: left,
  after,
  probability,
  ...(environment === null ? {} : { environment }),
  ...(action === null ? {} : { action }),
  keep: true,
})

/** A name that is cleared must be one, even when nothing of it is armed. */
function readName(text: string): void {
  if (!isFaultName(text)) readFault(text)
}
