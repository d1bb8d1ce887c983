/** Looks a variable up; undefined when it isn't set. */
export type Lookup = (name: string) => string | undefined

/** A substitution that can't be made: the Dockerfile is at fault. */
export class ExpansionFailed extends Error {
  override readonly name = 'ExpansionFailed'
}

/** Splits at white space outside quotes; quotes and escapes stay in the words. `COPY "a b" c` has the words `"a b"` and `c`. */
export function splitWords(text: string, escape: string): string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === escape && quote !== "'" && i + 1 < text.length) {
      word += char + text.charAt(++i)
    } else if (quote === '' && /\s/.test(char)) {
      if (word !== '') words.push(word)
      word = ''
    } else {
      if (quote === char) quote = ''
      else if (quote === '' && (char === '"' || char === "'")) quote = char
      word += char
    }
  }
  if (word !== '') words.push(word)
  return words
}

/**
 * Removes quotes and escapes and expands `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME-word}`, `${NAME:+word}`, `${NAME+word}`,
 * `${NAME:?word}` and `${NAME?word}` as the builder of Docker does. Nothing is expanded between single quotes.
 * Throws {@link ExpansionFailed} when a `?` form finds its variable unset, or a brace isn't closed.
 */
export function expandWord(text: string, lookup: Lookup, escape: string): string {
  let out = ''
  let quote = ''
  for (let i = 0; i < text.length;) {
    const char = text.charAt(i)
    if (quote === "'") {
      if (char === "'") quote = ''
      else out += char
      i++
    } else if (char === escape) {
      const next = text.charAt(i + 1)
      // Between double quotes only these lose their backslash, as in a shell.
      const kept = quote === '"' && next !== '"' && next !== '$' && next !== escape
      out += kept || next === '' ? char + next : next
      i += 2
    } else if (char === '"' || (char === "'" && quote === '')) {
      quote = quote === char ? '' : char
      i++
    } else if (char === '$') {
      const variable = readVariable(text, i, lookup, escape)
      out += variable.value
      i = variable.end
    } else {
      out += char
      i++
    }
  }
  return out
}

function readVariable(
  text: string,
  at: number,
  lookup: Lookup,
  escape: string,
): { value: string; end: number } {
  if (text.charAt(at + 1) === '{') return readBraced(text, at, lookup, escape)
  const name = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9@*#])/.exec(text.slice(at))?.[1]
  if (name === undefined) return { value: '$', end: at + 1 }
  return { value: lookup(name) ?? '', end: at + 1 + name.length }
}

function readBraced(
  text: string,
  at: number,
  lookup: Lookup,
  escape: string,
): { value: string; end: number } {
  const close = closingBrace(text, at + 2, escape)
  const match = /^([A-Za-z_][A-Za-z0-9_]*|[0-9@*#])(?:(:?[-+?])([\s\S]*))?$/.exec(text.slice(at + 2, close))
  if (!match) throw new ExpansionFailed(`unsupported modifier in substitution: ${text.slice(at, close + 1)}`)
  const [, name = '', operator, word = ''] = match
  const value = lookup(name)
  const set = value !== undefined && !(operator?.startsWith(':') && value === '')
  const end = close + 1
  switch (operator?.at(-1)) {
    case '-':
      return { value: set ? value : expandWord(word, lookup, escape), end }
    case '+':
      return { value: set ? expandWord(word, lookup, escape) : '', end }
    case '?':
      if (!set)
        throw new ExpansionFailed(`${name}: ${expandWord(word, lookup, escape) || 'not allowed to be unset'}`)
      return { value, end }
    default:
      return { value: value ?? '', end }
  }
}

function closingBrace(text: string, from: number, escape: string): number {
  let depth = 1
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === escape) i++
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return i
  }
  throw new ExpansionFailed(`syntax error: missing '}' in ${text}`)
}
