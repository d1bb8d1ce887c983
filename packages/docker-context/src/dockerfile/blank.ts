/** Go's `unicode.IsSpace`. JavaScript's `\s` differs: it has U+FEFF and lacks U+0085. */
const BLANK = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

export const isBlank = (char: string): boolean => BLANK.test(char)

export function trimLeft(text: string): string {
  let from = 0
  while (from < text.length && isBlank(text.charAt(from))) from++
  return text.slice(from)
}

export function trim(text: string): string {
  let to = text.length
  while (to > 0 && isBlank(text.charAt(to - 1))) to--
  return trimLeft(text.slice(0, to))
}

/** What divides a keyword from its arguments, and the words of COPY, EXPOSE, FROM and VOLUME. */
export const DIVIDER = /[\t\v\f\r ]+/

/** Text before and after the first run of blanks; undefined when there is none. */
export function cutAtBlank(text: string): [before: string, after: string] | undefined {
  const found = DIVIDER.exec(text)
  if (!found) return undefined
  return [text.slice(0, found.index), text.slice(found.index + found[0].length)]
}
