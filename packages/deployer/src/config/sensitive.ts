import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'

const REDACTED = '[redacted]'

type Listener = (value: string) => void
const listeners = new Set<Listener>()

/** Tells `listener` every value that becomes {@link Sensitive} from now on: the terminal learns from here what must never be printed. */
export function onSensitive(listener: Listener): void {
  listeners.add(listener)
}

/** A value that can't be printed by accident: strings, JSON, templates and util.inspect all show `[redacted]`. Ask for it by name with {@link Sensitive.reveal}. */
export class Sensitive {
  readonly #value: string

  /** `announce: false` for a value that may be an ordinary word, which the terminal must go on printing. */
  constructor(value: string, { announce = true } = {}) {
    this.#value = value
    if (announce) for (const listener of listeners) listener(value)
  }

  /** The value itself; each call site is a place to look at in a review. */
  reveal(): string {
    return this.#value
  }

  /** Length in bytes of UTF-8. */
  get bytes(): number {
    return Buffer.byteLength(this.#value)
  }

  equals(other: Sensitive): boolean {
    return this.#value === other.#value
  }

  /** Eight hexadecimal digits that are the same for the same value and key; keyed, so that a short value can't be guessed from it. */
  fingerprint(key: string): string {
    return createHmac('sha256', key).update(this.#value).digest('hex').slice(0, 8)
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
