const BEGINNING = /^[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=([\t\n\f\r ]*)/

/** One `# name=value` line at the top of a file. */
export interface Directive {
  /** In lower case. */
  name: string
  value: string
}

/** Names that BuildKit of Docker 26.1.5 knows; any other line ends the directives. */
const KNOWN = new Set(['escape', 'syntax'])

/** Reads a line as a directive; undefined when it is none, which ends the directives. */
export function readDirective(line: string, comment = '#'): Directive | undefined {
  if (!line.startsWith(comment)) return undefined
  const rest = line.slice(comment.length)
  const found = BEGINNING.exec(rest)
  if (!found) return undefined
  const name = (found[1] ?? '').toLowerCase()
  if (!KNOWN.has(name)) return undefined
  const value = trimEnd(rest.slice(found[0].length))
  if (value !== '') return { name, value }
  // `# escape= ` has a blank for its value, and is refused for it.
  const blanks = found[2] ?? ''
  return blanks === '' ? undefined : { name, value: blanks.slice(-1) }
}

function trimEnd(text: string): string {
  let to = text.length
  while (to > 0 && '\t\n\f\r '.includes(text.charAt(to - 1))) to--
  return text.slice(0, to)
}

/**
 * The frontend that a file asks for: `# syntax=` or `// syntax=` among the directives at its top, a `#!` line left out.
 * The line counts from 1.
 */
export function findSyntax(text: string): { line: number; value: string } | undefined {
  const skipped = text.startsWith('#!') ? 1 : 0
  for (const comment of ['#', '//']) {
    let line = 0
    for (const written of firstLines(text)) {
      line++
      if (line <= skipped) continue
      const directive = readDirective(written, comment)
      if (!directive) break
      if (directive.name === 'syntax') return { line, value: directive.value }
    }
  }
  return undefined
}

function* firstLines(text: string): Generator<string> {
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    yield text.slice(from, to)
    from = to + 1
  }
}
