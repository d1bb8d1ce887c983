import { cleanPath } from '../clean-path.ts'

/** A line of an ignore file that says something. */
export interface IgnoreRule {
  /** From 1. */
  line: number
  /** The line without blanks at its ends. */
  text: string
  /** Whether it brings paths back. */
  negated: boolean
}

/** A rule in BuildKit's cleaned form. */
export interface IgnoreLine {
  rule: IgnoreRule
  /** Without its exclamation mark: a path from the root of the context, without a slash at its start. */
  pattern: string
}

/** An ignore file that BuildKit refuses; the message is its own. */
export class IgnoreFileError extends Error {
  /** From 1. */
  readonly line: number
  /** The line without blanks at its ends. */
  readonly text: string

  constructor({ line, text }: { line: number; text: string }, message: string) {
    super(message)
    this.name = 'IgnoreFileError'
    this.line = line
    this.text = text
  }
}

/** What Go's `unicode.IsSpace` holds for a blank. It isn't what JavaScript's `trim` takes away: a BOM stays, U+0085 goes. */
const blanks = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const leadingBlanks = new RegExp(`^${blanks}+`)
const blank = new RegExp(blanks)

/** The longest line that BuildKit reads, in bytes of UTF-8. */
const LONGEST_LINE = 65_535

/** Reads the lines in BuildKit's three steps: `dockerignore.ReadAll`, the way to the client, `patternmatcher.New`. Throws {@link IgnoreFileError}. */
export function readIgnoreLines(text: string): IgnoreLine[] {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const sent = lines.flatMap((written, index) => firstReading(written, index + 1) ?? [])
  refuseUnsendable(sent)
  return sent.flatMap((line) => secondReading(line) ?? [])
}

interface SentLine {
  line: number
  text: string
  /** The cleaned line, with its exclamation mark. */
  pattern: string
}

function firstReading(written: string, line: number): SentLine | undefined {
  refuseLong(written, line)
  const text = trimBlanks(written)
  if (written.startsWith('#') || text === '') return undefined
  const inverted = text.startsWith('!')
  const cleaned = cleanLine(inverted ? trimBlanks(text.slice(1)) : text)
  return { line, text, pattern: inverted ? `!${cleaned}` : cleaned }
}

function cleanLine(pattern: string): string {
  if (pattern === '') return ''
  const cleaned = cleanPath(pattern)
  return cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned
}

/** The second reader cleans again and looks for the mark again, so `/!x` and `./!x` are negations too. */
function secondReading({ line, text, pattern }: SentLine): IgnoreLine | undefined {
  const trimmed = trimBlanks(pattern)
  if (trimmed === '') return undefined
  const cleaned = cleanPath(trimmed)
  const negated = cleaned.startsWith('!')
  if (cleaned === '!') throw new IgnoreFileError({ line, text }, 'illegal exclusion pattern: "!"')
  return { rule: { line, text, negated }, pattern: negated ? cleaned.slice(1) : cleaned }
}

/** Goes back over the blanks by hand: an expression for them would start anew at each one of a long run in the middle. */
function trimBlanks(text: string): string {
  let end = text.length
  while (end > 0 && blank.test(text.charAt(end - 1))) end--
  return text.slice(0, end).replace(leadingBlanks, '')
}

function refuseLong(written: string, line: number): void {
  if (written.length * 3 <= LONGEST_LINE || new TextEncoder().encode(written).length <= LONGEST_LINE) return
  throw new IgnoreFileError({ line, text: `${written.slice(0, 60)}…` }, 'bufio.Scanner: token too long')
}

/** The patterns travel in a header of gRPC's, which is escaped only when one of them isn't ASCII: then a tab passes, else it doesn't. */
function refuseUnsendable(lines: SentLine[]): void {
  if (lines.some(({ pattern }) => /[^\0-\x7f]/.test(pattern))) return
  const culprit = lines.find(({ pattern }) => /[^ -~]/.test(pattern))
  if (!culprit) return
  throw new IgnoreFileError(
    culprit,
    'header key "exclude-patterns" contains value with non-printable ASCII characters',
  )
}
