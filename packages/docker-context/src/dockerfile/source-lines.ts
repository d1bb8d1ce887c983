import { isBlank, trimLeft } from './blank.ts'

/** Go's scanner reads no longer line than this, in bytes, its end included. */
const LONGEST = 65_536
export const TOO_LONG = `dockerfile line greater than max allowed size of ${LONGEST - 1}`

/** A file's lines, read one by one, with their ends. Reading stops at a line that is too long. */
export class SourceLines {
  readonly #text: string
  #at = 0
  /** Of the line that was read last, from 1. */
  number = 0
  stoppedAtLongLine = false

  constructor(text: string) {
    this.#text = text
  }

  next(): string | undefined {
    if (this.#at >= this.#text.length || this.stoppedAtLongLine) return undefined
    const end = this.#text.indexOf('\n', this.#at)
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end + 1)
    if (line.length > LONGEST / 4 && bytesOf(line) > (end < 0 ? LONGEST - 1 : LONGEST)) {
      this.stoppedAtLongLine = true
      return undefined
    }
    this.#at += line.length
    this.number++
    return line
  }
}

function bytesOf(text: string): number {
  let bytes = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
  }
  return bytes
}

export function withoutEnd(line: string): string {
  let to = line.length
  while (to > 0 && '\r\n'.includes(line.charAt(to - 1))) to--
  return line.slice(0, to)
}

export const isComment = (line: string): boolean => trimLeft(line).startsWith('#')

export function isEmpty(line: string): boolean {
  for (let at = 0; at < line.length; at++) if (!isBlank(line.charAt(at))) return false
  return true
}

/**
 * Takes the escape off the end of a line that goes on in the next one; undefined when it doesn't. Two escapes are an escaped escape and
 * end the line. Blanks may follow.
 */
export function continued(line: string, escape: string): string | undefined {
  let to = line.length
  while (to > 0 && ' \t'.includes(line.charAt(to - 1))) to--
  if (line.charAt(to - 1) !== escape || to === 0) return undefined
  return to > 1 && line.charAt(to - 2) === escape ? undefined : line.slice(0, to - 1)
}
