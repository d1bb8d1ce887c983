import type { Clues, Match, Place } from './clues.ts'
import type { Confidence } from './evidence.ts'

/** What a rule answers when the evidence shows its failure. */
export interface Finding {
  /** A sentence without a full stop. */
  cause: string
  confidence: Confidence
  /** Lines of {@link Clues}, so redacted and of this operation. */
  evidence: string[]
  /** One command first, then at most two more. */
  next: string[]
}

/** One known failure. It explains a failure that state has decided; it never decides whether there is one. */
export interface Rule {
  /** Says the failure in a few words; tests and `--json` name it. */
  name: string
  code: string
  /** Where its texts are from: a section of the facts sheet, or the program that says them. */
  source: string
  find(clues: Clues): Finding | undefined
}

interface Told {
  name: string
  code: string
  source: string
  /** Exact texts, as one pattern; its groups reach `cause` and `next`. */
  texts: RegExp
  places: Place[]
  when?: (clues: Clues) => boolean
  cause: string | ((match: Match, clues: Clues) => string)
  next: string[] | ((match: Match, clues: Clues) => string[])
  /** What is shown: the lines that say it, unless this says other ones. */
  show?: (clues: Clues, match: Match) => string[]
  confidence?: Confidence
}

/** A rule that goes by what was said. An application's own words make a cause likely, the platform's make it certain. */
export function told(rule: Told): Rule {
  const { name, code, source, texts, places, when, cause, next, show, confidence } = rule
  return {
    name,
    code,
    source,
    find: (clues) => {
      if (when && !when(clues)) return undefined
      const match = clues.find(texts, ...places)
      if (!match) return undefined
      return {
        cause: typeof cause === 'string' ? cause : cause(match, clues),
        confidence: confidence ?? (match.place === 'output' ? 'likely' : 'certain'),
        evidence: show ? show(clues, match) : clues.all(texts, places, 6),
        next: typeof next === 'string' ? [next] : typeof next === 'function' ? next(match, clues) : next,
      }
    },
  }
}

/** The same rules, asked only when `test` holds; `confidence` replaces theirs. */
export function onlyWhen(
  test: (clues: Clues) => boolean,
  rules: readonly Rule[],
  confidence?: Confidence,
): Rule[] {
  return rules.map((rule) => ({
    ...rule,
    find: (clues) => {
      const found = test(clues) ? rule.find(clues) : undefined
      return found && confidence ? { ...found, confidence } : found
    },
  }))
}

/** The deploy that comes after something was mended: `lucree deploy   # once the Dockerfile has EXPOSE 8080`. */
export function deployOnce(mended: string): string {
  return `lucree deploy   # once ${mended}`
}

export const LOGS = 'lucree logs'
export const EVENTS = 'lucree events'
