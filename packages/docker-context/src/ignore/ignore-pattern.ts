import { RE2JS } from 're2js'

/** How BuildKit compares a pattern: letter by letter, by its beginning, by its end, or as a regular expression of Go's. */
type Comparison =
  | { kind: 'exact' }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'suffix'; suffix: string }
  | { kind: 'expression'; expression: string }

/** What is known without the names of files about where a pattern can match. */
export interface PatternReach {
  /** What each path that it matches begins with. */
  literal: string
  /** How many components each path that it matches has; undefined when that isn't fixed. */
  depth: number | undefined
}

/** One pattern of an ignore file, compared as moby/patternmatcher 0.6.0 does it. No comparison backtracks. */
export class IgnorePattern {
  readonly pattern: string
  readonly reach: PatternReach
  readonly #comparison: Comparison
  #compiled: RE2JS | undefined

  constructor(pattern: string) {
    this.pattern = pattern
    this.#comparison = comparisonOf(pattern)
    this.reach = reachOf(pattern, this.#comparison)
  }

  /** Whether the whole path matches; throws what re2js throws when the pattern is no regular expression of Go's. */
  matches(path: string): boolean {
    const comparison = this.#comparison
    switch (comparison.kind) {
      case 'exact':
        return path === this.pattern
      case 'prefix':
        return path.startsWith(comparison.prefix)
      case 'suffix':
        return path.endsWith(comparison.suffix) || `/${path}` === comparison.suffix
      case 'expression':
        this.#compiled ??= RE2JS.compile(comparison.expression)
        return this.#compiled.matcher(path).find()
    }
  }
}

/**
 * Go's characters are escaped as moby/patternmatcher 0.6.0 escapes them: it means to spare `|`, `{` and `}` too and doesn't, so that they count
 * in a pattern that becomes an expression, as `^` does.
 */
const escaped = new Set('.+()$')

function comparisonOf(pattern: string): Comparison {
  // Go's text/scanner drops a BOM at the start of what it reads.
  const chars = Array.from(pattern.replace(/^\ufeff/, ''))
  let expression = '^'
  let kind: Comparison['kind'] = 'exact'
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string
    const start = at === 0
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 2 : 1
      if (at + 1 < chars.length) [expression, kind] = [`${expression}(.*/)?`, 'expression']
      else if (kind === 'exact') kind = 'prefix'
      else [expression, kind] = [`${expression}.*`, 'expression']
      if (start) kind = 'suffix'
    } else if (char === '*') [expression, kind] = [`${expression}[^/]*`, 'expression']
    else if (char === '?') [expression, kind] = [`${expression}[^/]`, 'expression']
    else if (char === '\\') [expression, kind] = [`${expression}\\${chars[++at] ?? ''}`, 'expression']
    else if (char === '[' || char === ']') [expression, kind] = [expression + char, 'expression']
    else expression += escaped.has(char) ? `\\${char}` : char
  }
  switch (kind) {
    case 'exact':
      return { kind }
    case 'prefix':
      return { kind, prefix: pattern.slice(0, -2) }
    case 'suffix':
      return { kind, suffix: pattern.slice(2) }
    case 'expression':
      return { kind, expression: `${expression}$` }
  }
}

function reachOf(pattern: string, comparison: Comparison): PatternReach {
  const depth = pattern.split('/').length
  if (comparison.kind === 'exact') return { literal: pattern, depth }
  if (comparison.kind === 'prefix') return { literal: comparison.prefix, depth: undefined }
  if (comparison.kind === 'suffix' || /[|^{\ufeff]/.test(pattern)) return { literal: '', depth: undefined }
  const [literal = ''] = pattern.split(/[*?[\]\\]/, 1)
  return { literal, depth: /\*\*|[[\]\\]/.test(pattern) ? undefined : depth }
}
