import type { LucreeError } from '../errors.ts'
import { Revealed, type Scrubber } from './scrub.ts'

/** What a failure looks like to a program (DESIGN.md §4); absent facts are `null` or an empty list, so that the keys are always there. */
export interface FailureDocument {
  error: {
    code: string
    message: string
    cause: string | null
    evidence: string[]
    serving: string | null
    /** What to run or to change next, the most useful first. */
    next: string[]
    exitCode: number
    /** With a cause that was read out of evidence: how sure it is, and where there is more. */
    confidence?: LucreeError['confidence']
    more?: LucreeError['more']
  }
}

/** The document of a failed command: what the command knew of its result by then, and the error. */
export function failureDocument(error: LucreeError): Record<string, unknown> & FailureDocument {
  return {
    ...error.document,
    error: {
      code: error.code,
      message: error.message,
      cause: error.why ?? null,
      evidence: error.evidence,
      serving: error.serving ?? null,
      next: error.hints,
      exitCode: error.exitCode,
      ...(error.confidence ? { confidence: error.confidence } : {}),
      ...(error.more ? { more: error.more } : {}),
    },
  }
}

/** A document as JSON text. Secrets are taken out of its strings before it is written, so that it stays a document whatever they hold. `line`: on one line. */
export function serialise(document: unknown, scrubber: Scrubber, form: 'pages' | 'line' = 'pages'): string {
  const safe = (_key: string, value: unknown): unknown => {
    if (value instanceof Revealed) return value.text
    return typeof value === 'string' ? scrubber.scrub(value) : value
  }
  return JSON.stringify(document ?? {}, safe, form === 'line' ? undefined : 2)
}
