/** What no header can carry: every control character but the tab (RFC 9110 §5.5). */
// eslint-disable-next-line no-control-regex -- these are the characters that are looked for
const UNSENDABLE = /[\x00-\x08\x0A-\x1F\x7F]/

/** White space that a header's value loses on its way, and the newline that a file or an `echo` leaves behind. */
const isSurrounding = (character: string | undefined) =>
  character === ' ' || character === '\t' || character === '\r' || character === '\n'

/**
 * The part of an environment variable's value that a caller can send as a token: what surrounds it as white space is gone,
 * since HTTP drops it too. Empty when nothing is left.
 */
export function sendablePart(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isSurrounding(value[start])) start += 1
  while (end > start && isSurrounding(value[end - 1])) end -= 1
  return value.slice(start, end)
}

/** Whether a header can carry the token, byte for byte. */
export function isSendable(token: string): boolean {
  return !UNSENDABLE.test(token)
}
