import type { IgnoreRule } from './ignore-lines.ts'
import type { IgnorePattern } from './ignore-pattern.ts'

/** A rule with what compares it. */
export interface ComparedRule {
  rule: IgnoreRule
  pattern: IgnorePattern
  matches: (path: string) => boolean
}

/** What the rules say of one path. */
interface Verdict {
  path: string
  /** For each rule whether it matched this path or a parent of it, as far as it was compared at all. */
  matched: boolean[]
  /** The last rule that matched; -1 without one. */
  last: number
  /** The rule that left the path out, or the directory in which BuildKit stopped walking. */
  culprit: ComparedRule | undefined
  /** Whether BuildKit doesn't walk into the path, if it is a directory. */
  closed: boolean
}

/** The rules of an ignore file along the way from the context's root to a path, as BuildKit's walk applies them. */
export class IgnoreWalk {
  readonly #rules: readonly ComparedRule[]
  /** Directories that BuildKit walks into for the sake of a negation; undefined when it walks into all. */
  readonly #ways: string[] | undefined
  /** The last path that was looked at, and its parents. */
  readonly #chain: Verdict[] = []

  constructor(rules: readonly ComparedRule[]) {
    this.#rules = rules
    const ways = rules.filter(({ rule }) => rule.negated).map(({ pattern }) => wayOf(pattern.pattern))
    this.#ways = ways.some((way) => /[*[\]?^\\]/.test(way)) ? undefined : ways
  }

  look(path: string): Verdict {
    let parent: Verdict | undefined
    for (let depth = 0, end = 0; end < path.length; depth++) {
      const slash = path.indexOf('/', end + 1)
      end = slash < 0 ? path.length : slash
      const upTo = path.slice(0, end)
      if (this.#chain[depth]?.path !== upTo) {
        this.#chain.length = depth
        this.#chain.push(this.#judge(upTo, parent))
      }
      parent = this.#chain[depth]
    }
    return parent ?? { path: '', matched: [], last: -1, culprit: undefined, closed: false }
  }

  /** The last rule that leaves the path out: a line behind it would have the last word. */
  ruleFor(path: string): IgnoreRule | undefined {
    const { culprit, last } = this.look(path)
    const way = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
    const later = this.#rules.findLast(
      (each, index) => index > last && !each.rule.negated && way.some((part) => agrees(each, part)),
    )
    return culprit && (later ?? culprit).rule
  }

  prunes(directory: string): boolean {
    const { culprit, closed, matched, last } = this.look(directory)
    if (!culprit) return false
    if (closed) return true
    // A rule before the last match is overruled by it below the directory too.
    return !this.#rules.some(
      ({ rule, pattern }, index) =>
        index > last && rule.negated && !matched[index] && mayMatchBelow(directory, pattern),
    )
  }

  #judge(path: string, parent: Verdict | undefined): Verdict {
    if (parent?.closed) return { ...parent, path }
    const matched = this.#rules.map(() => false)
    let last = -1
    let left = false
    for (const [index, { rule, matches }] of this.#rules.entries()) {
      // What a rule gave for a parent it gives here. A rule that would change nothing isn't compared, and counts as one that doesn't match.
      if (!parent?.matched[index] && (rule.negated !== left || !matches(path))) continue
      matched[index] = true
      left = !rule.negated
      last = index
    }
    const closed = left && this.#ways?.some((way) => `${way}/`.startsWith(`${path}/`)) === false
    return { path, matched, last, culprit: left ? this.#rules[last] : undefined, closed }
  }
}

/** Whether a rule matches that BuildKit doesn't compare here, and so wouldn't refuse. */
function agrees(each: ComparedRule, path: string): boolean {
  try {
    return each.matches(path)
  } catch {
    return false
  }
}

/** The directory that a negation is about in the eyes of fsutil's walk. */
const wayOf = (pattern: string) => pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, '')

function mayMatchBelow(directory: string, { reach: { literal, depth } }: IgnorePattern): boolean {
  if (depth !== undefined && depth <= directory.split('/').length) return false
  return literal.startsWith(`${directory}/`) || `${directory}/`.startsWith(literal)
}
