import type { RefusalReason } from '../http/refusal.ts'
import type { FaultPoint, FaultSubject, FaultVerdict } from '../services/elasticbeanstalk/faults.ts'

/** What goes wrong with one request on the wire. */
export type RequestEffect =
  /** It isn't carried out; the answer says this in the service's own words. */
  | { kind: 'refused'; reason: (service: string) => RefusalReason }
  /** It waits before it is carried out. */
  | { kind: 'delayed'; ms: number }
  /** The service's clock is so far from this machine's; positive is ahead. */
  | { kind: 'skewed'; ms: number }
  /** The connection breaks instead of an answer: before the request is carried out, or afterwards. */
  | { kind: 'dropped'; carriedOut: boolean }
  /** The connection breaks in the middle of the answer's body. */
  | { kind: 'truncated' }

/** What goes wrong at a moment of an environment's life. */
export interface Moment {
  subject: FaultSubject
  signal: AbortSignal | undefined
}

/** A fault with its argument read: what it does, to what. */
export interface Fault {
  request?: RequestEffect
  /** `verdict` may take its time or throw, see the port. `isMeant` leaves moments out that aren't its own. */
  point?: FaultPoint
  isMeant?: (subject: FaultSubject) => boolean
  verdict?: (moment: Moment) => Promise<FaultVerdict>
  /** The server dies at this point. */
  kills?: KillPoint
}

/** Where a server can be made to die. `answer ready`: a request was carried out and nobody knows. */
export type KillPoint = FaultPoint | 'answer ready'

/** An entry of the table of named faults. */
export interface FaultKind {
  name: string
  /** One sentence without a full stop: what happens. */
  does: string
  /** What stands behind the colon, as help shows it: `milliseconds`, `500|503`. */
  argument?: { shown: string; example: string; default?: string }
  /** It is a condition rather than an accident, so it lasts until it is cleared unless it is armed with a number of times. */
  lasting: boolean
  /** Reads the argument. Throws {@link FaultError} when it can't be that. */
  make(argument: string): Fault
}

/** A fault that can't be armed or cleared as it was asked for; the message is one sentence for its user. */
export class FaultError extends Error {
  override readonly name = 'FaultError'
  readonly code: 'UnknownFault' | 'InvalidFault'
  constructor(code: FaultError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** A whole number as an argument, between bounds. */
export function wholeNumber(fault: string, text: string, unit: string, min: number, max: number): number {
  const value = Number(text)
  if (/^-?\d{1,9}$/.test(text) && value >= min && value <= max) return value
  throw new FaultError(
    'InvalidFault',
    `${fault} takes whole ${unit} from ${min} to ${max}, not "${text}": ${fault}:${Math.max(min, 500)}.`,
  )
}
