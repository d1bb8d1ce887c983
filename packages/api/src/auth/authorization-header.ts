const SCHEME = 'token'
const isBlank = (character: string | undefined) => character === ' ' || character === '\t'

/**
 * The bytes of the token in an `Authorization: Token …` header, or undefined when there is none: no header, another scheme,
 * or a scheme alone. The scheme's case doesn't matter. The token is all that follows, inner spaces, commas and equals signs included.
 *
 * @param header the value as node:http gives it, one character a byte
 */
export function presentedToken(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined
  const space = header.indexOf(' ')
  if (space === -1 || header.slice(0, space).toLowerCase() !== SCHEME) return undefined
  // Neither trim() nor a pattern: the first also takes 0xA0, which is half of "à" in UTF-8, and /\s+$/ is quadratic in inner spaces.
  let start = space
  let end = header.length
  while (start < end && isBlank(header[start])) start += 1
  while (end > start && isBlank(header[end - 1])) end -= 1
  return start === end ? undefined : Buffer.from(header.slice(start, end), 'latin1')
}
