import { RE2JS } from 're2js'
import { LexError } from './lex-error.ts'
import { refuseTooLarge } from './too-large.ts'

/** Removes what the pattern matches at the beginning: the longest, or the shortest. Throws {@link LexError} for a bad escape. */
export function removePrefix(value: string, pattern: string, longest: boolean): string {
  const found = compile(pattern, longest, true).matcher(value)
  return found.find() ? value.slice(found.end()) : value
}

/** Removes what the pattern matches at the end: the longest, or the shortest. Throws {@link LexError} for a bad escape. */
export function removeSuffix(value: string, pattern: string, longest: boolean): string {
  // As BuildKit: the shortest match at the end is the first one in the reversed text.
  return reverse(removePrefix(reverse(value), reversePattern(pattern), longest))
}

/** Replaces the first match, or all of them. `$$`, `$name` and `${name}` in the replacement of all are Go's templates. */
export function replaceMatches(value: string, pattern: string, replacement: string, all: boolean): string {
  const found = compile(pattern, true, false).matcher(value)
  if (!all) {
    if (!found.find()) return value
    return value.slice(0, found.start()) + replacement + value.slice(found.end())
  }
  let out = ''
  let copied = 0
  let from = 0
  while (from <= value.length && found.find(from)) {
    const [start, end] = [found.start(), found.end()]
    out += value.slice(copied, start)
    // An empty match right after another one doesn't count.
    if (end > copied || start === 0) out += fillIn(replacement, value.slice(start, end))
    refuseTooLarge(out.length)
    copied = end
    from = end > from ? end : from + ((value.codePointAt(from) ?? 0) > 0xffff ? 2 : 1)
  }
  return out + value.slice(copied)
}

const TEMPLATE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu

/** Go's `Regexp.Expand` for a pattern without groups. */
const fillIn = (template: string, match: string): string =>
  template.replace(TEMPLATE, (whole: string, bare?: string, braced?: string) => {
    if (whole === '$$') return '$'
    return (bare ?? braced) === '0' ? match : ''
  })

/** `*` and `?` of a shell's pattern, without its brackets, as a regular expression that never goes back. */
function compile(pattern: string, longest: boolean, anchored: boolean): RE2JS {
  const chars = Array.from(pattern)
  let out = anchored ? '^' : ''
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? ''
    if (char === '*') out += longest ? '.*' : '.*?'
    else if (char === '?') out += '.'
    else if (char !== '\\') out += RE2JS.quote(char)
    else if (chars[at + 1] !== '}' && chars[at + 1] !== '/') {
      const escaped = chars[++at] ?? '\uFFFD'
      if (!'*?\\'.includes(escaped)) {
        throw new LexError(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped}'`)
      }
      out += `\\${escaped}`
    }
  }
  return RE2JS.compile(out)
}

const reverse = (text: string): string => Array.from(text).reverse().join('')

/** Reverses a pattern and keeps each escape before its character. */
function reversePattern(pattern: string): string {
  const chars = Array.from(pattern)
  const out: string[] = []
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? ''
    if (char === '\\' && at + 1 < chars.length) out.push(char + (chars[++at] ?? ''))
    else out.push(char)
  }
  return out.reverse().join('')
}
