import type { Arming } from './armed-faults.ts'
import type { Files } from './failure-app.ts'

/** A named failure of facts sheet §6 and peers §6, made to happen. */
export interface FailureCase {
  failure: string
  /** What the application has instead of what works. */
  files?: Files
  /** What lucree.json says of the environment while it fails. */
  environment?: object
  /** A fault that is armed before each deploy that fails. */
  fault?: string
  arming?: Arming
  /** Kind of account; a new one without it. */
  account?: string
  words?: string[]
  /** It worked before: what it had then has to come back. */
  worked?: true
  exit: number
  code: string
  /** Found in the cause and in a line of evidence. */
  cause: RegExp
  evidence?: RegExp
  next: RegExp
  /** What the mended deploy gets; the working application, without the fault, always. */
  mend?: { environment?: object; words?: string[]; env?: Record<string, string> }
}

/** The hint that leads on: a deploy once it is mended, or any. */
export const DEPLOY = /lucree deploy --local/
export const ANY = /\S/
