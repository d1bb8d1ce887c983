import type { FrontRequest } from '../front.ts'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A line of nginx/access.log in the platform's format: the combined one, then X-Forwarded-For. */
export function accessLogLine(request: FrontRequest): string {
  const { clientAddress, at, method, path, httpVersion, status, bytes, referer, userAgent } = request
  const line = `${method} ${path} HTTP/${httpVersion}`
  return `${clientAddress} - - [${stamp(at)}] "${quoted(line)}" ${status} ${bytes} "${quoted(referer)}" "${quoted(userAgent)}" "${clientAddress}"`
}

/** As nginx does: what could end the quotes or the line is written in hexadecimal. */
function quoted(text: string): string {
  const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return text.replace(/["\\\u0000-\u001f\u007f]/g, hex)
}

function stamp(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
}
