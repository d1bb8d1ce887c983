import { RE2JS } from 're2js'

/** A line of gitignore's. */
export interface GitPattern {
  negated: boolean
  /** Whether it names a path itself; what is below a directory that it names is another matter. */
  names: (path: string, directory: boolean) => boolean
}

const ANY_DIRECTORIES = '(.*/)?'

/** No path on Linux is longer, in bytes. */
const LONGEST_PATH = 4_096

/**
 * Reads one line as git 2.39 does (dir.c, wildmatch.c, core.ignoreCase off), for lines that the library would be long about: the
 * comparison never backtracks. Undefined for a comment or a line without a pattern.
 */
export function parseGitPattern(line: string): GitPattern | undefined {
  // git compares bytes: a character of this string is one.
  const text = bytesOf(line.replace(/^\ufeff/, '').replace(/\r$/, ''))
  const negated = text.startsWith('!')
  const written = withoutBlanks(negated ? text.slice(1) : text)
  if (text.startsWith('#') || written === '') return undefined
  const onlyDirectories = written.endsWith('/')
  const pattern = onlyDirectories ? written.slice(0, -1) : written
  const ofName = !pattern.includes('/')
  const expression = expressionOf(pattern.replace(/^\//, ''))
  let compiled: RE2JS | undefined
  return {
    negated,
    names: (path, directory) => {
      if (expression === undefined || (onlyDirectories && !directory)) return false
      compiled ??= RE2JS.compile(expression, RE2JS.DOTALL)
      return compiled.matcher(bytesOf(ofName ? path.slice(path.lastIndexOf('/') + 1) : path)).find()
    },
  }
}

const bytesOf = (text: string) => Buffer.from(text).toString('latin1')

/** Blanks at the end count only behind a backslash. */
function withoutBlanks(text: string): string {
  let end = text.length
  while (text.charAt(end - 1) === ' ') end--
  let slashes = 0
  while (text.charAt(end - slashes - 1) === '\\') slashes++
  return text.slice(0, slashes % 2 === 1 && end < text.length ? end + 1 : end)
}

/** The pattern as an expression of RE2; undefined when nothing can match it. */
function expressionOf(pattern: string): string | undefined {
  let expression = '^'
  let least = 0
  // git compares what stands before the first wildcard by itself, and takes two stars behind it for stars at the start of a component.
  const plain = pattern.search(/[*?[\\]/)
  for (let at = 0; at < pattern.length;) {
    const char = pattern.charAt(at)
    if (char === '*') {
      const end = at + (/^\*+/.exec(pattern.slice(at)) as RegExpExecArray)[0].length
      const starts = at === plain || pattern.charAt(at - 1) === '/'
      const stars = starsOf(pattern, at, end, starts)
      // `**/**/` is `**/`.
      if (stars.expression !== ANY_DIRECTORIES || !expression.endsWith(ANY_DIRECTORIES))
        expression += stars.expression
      at = stars.next
      continue
    }
    const step = stepAt(pattern, at)
    if (!step) return undefined
    expression += step.expression
    at = step.next
    if (++least > LONGEST_PATH) return undefined
  }
  return `${expression}$`
}

function starsOf(pattern: string, at: number, end: number, starts: boolean) {
  const rest = pattern.slice(end)
  if (end - at < 2 || !starts || !/^(\\?\/|$)/.test(rest)) return { expression: '[^/]*', next: end }
  if (rest === '') return { expression: '.*', next: end }
  return { expression: ANY_DIRECTORIES, next: end + (rest.startsWith('/') ? 1 : 2) }
}

function stepAt(pattern: string, at: number): { expression: string; next: number } | undefined {
  const char = pattern.charAt(at)
  if (char === '?') return { expression: '[^/]', next: at + 1 }
  if (char === '[') return classAt(pattern, at + 1)
  if (char !== '\\') return { expression: literal(char), next: at + 1 }
  return at + 1 < pattern.length ? { expression: literal(pattern.charAt(at + 1)), next: at + 2 } : undefined
}

const literal = (char: string) => `\\x{${char.charCodeAt(0).toString(16)}}`

/** The classes of POSIX, as git's own tables have them. */
const classes: Record<string, RegExp> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^ -~\x80-\xff]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}

/** A class, which never takes a slash. */
function classAt(pattern: string, start: number): { expression: string; next: number } | undefined {
  const negated = /[!^]/.test(pattern.charAt(start))
  const members: ((char: string) => boolean)[] = []
  let before: string | undefined
  let at = negated ? start + 1 : start
  for (let first = true; first || pattern.charAt(at) !== ']'; first = false) {
    const named = /^\[:([^\]]*):\]/.exec(pattern.slice(at))
    if (named) {
      const found = classes[named[1] as string]
      if (!found) return undefined
      members.push((char) => found.test(char))
      before = undefined
      at += named[0].length
      continue
    }
    const ranged =
      pattern.charAt(at) === '-' && before !== undefined && !/^(\]|$)/.test(pattern.slice(at + 1))
    const bound = boundAt(pattern, ranged ? at + 1 : at)
    if (!bound) return undefined
    const low = ranged ? (before as string) : bound.char
    members.push((char) => low <= char && char <= bound.char)
    before = ranged ? undefined : bound.char
    at = bound.next
  }
  const taken = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
    (char) => char !== '/' && members.some((holds) => holds(char)) !== negated,
  )
  return taken.length === 0 ? undefined : { expression: `[${taken.map(literal).join('')}]`, next: at + 1 }
}

function boundAt(pattern: string, at: number): { char: string; next: number } | undefined {
  const next = pattern.charAt(at) === '\\' ? at + 1 : at
  return next < pattern.length ? { char: pattern.charAt(next), next: next + 1 } : undefined
}
