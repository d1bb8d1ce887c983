import { nearest } from '../document/nearest.ts'
import { LucreeError, UsageError } from '../errors.ts'

/** oclif's parse errors as far as lucree reads them; told by shape, because each command's bundle may hold its own copy of the classes. */
interface ParseFailure extends Error {
  oclif?: { exit?: number }
  parse?: { input?: { flags?: Record<string, unknown>; context?: { id?: string } } }
  flags?: unknown
  args?: unknown
}

/** What oclif says, and how lucree says it: in one sentence, with why behind it where there is a reason. */
const SENTENCES: readonly [RegExp, (...found: string[]) => { what: string; why?: string }][] = [
  [/^Flag (--?\S+) expects a value$/, (flag = '') => ({ what: `${flag} needs a value` })],
  [/^Nonexistent flags?: (.+)$/, (flags = '') => ({ what: `There is no flag ${flags}` })],
  [
    /^Expected (--[\w-]+)=(.*) to be one of: (.+)$/s,
    (flag = '', given = '', known = '') => ({
      what: `${flag} can't be "${given}"`,
      why: `it is one of ${known}`,
    }),
  ],
  [
    /^Parsing (--[\w-]+) Expected an integer but received: (.*)$/s,
    (flag = '', given = '') => ({ what: `${flag} can't be "${given}"`, why: 'it is a whole number' }),
  ],
  [
    /^Parsing (--[\w-]+) Expected an integer (greater|less) than or equal to (-?\d+) but received: (.*)$/s,
    (flag = '', side = '', limit = '', given = '') => ({
      what: `${flag} can't be ${given}`,
      why: `it is ${limit} ${side === 'greater' ? 'or more' : 'at the most'}`,
    }),
  ],
  [
    /(--[\w-]+)\S* cannot also be provided when using (--[\w-]+)$/,
    (one = '', other = '') => ({ what: `${one} and ${other} don't go together` }),
  ],
  [
    /All of the following must be provided when using (--[\w-]+): (.+)$/,
    (flag = '', needed = '') => ({ what: `${flag} needs ${needed} too` }),
  ],
  [/^Missing required flag (\S+)/, (flag = '') => ({ what: `--${flag} is missing` })],
  [
    /^Missing \d+ required args?: +(\S+) +(.+)$/s,
    (name = '', meaning = '') => ({ what: `${name.toUpperCase()} is missing`, why: meaning }),
  ],
]

/**
 * A command line that oclif could not parse, in lucree's words; undefined for any other error. A refusal that a flag of lucree's own made keeps its
 * sentence: oclif puts its words around it. `commandId` is the command that was asked for, as oclif spells it.
 */
export function translateParseFailure(error: ParseFailure, commandId?: string): LucreeError | undefined {
  if (error instanceof LucreeError) return withoutFrame(error)
  if (error.oclif === undefined) return undefined
  const said = sentenceOf(error.message)
  const near = nearestFlags(error)
  const why = near.length > 0 ? `did you mean ${near.join(', ')}?` : said.why
  const id = error.parse?.input?.context?.id ?? commandId
  return new UsageError(said.what, {
    code: 'LUC-USAGE',
    ...(why === undefined ? {} : { why }),
    hints: [['lucree', ...(id?.split(':') ?? []), '--help'].join(' ')],
    cause: error,
  })
}

/** `Parsing --timeout ⏎ --timeout can't be "10" ⏎ See more help with --help` → what stands in the middle. */
function withoutFrame(error: LucreeError): LucreeError {
  const framed = /^Parsing --[\w-]+ \n\t([\s\S]*)\nSee more help with --help$/.exec(error.message)
  if (framed?.[1] !== undefined) error.message = framed[1]
  return error
}

function sentenceOf(message: string): { what: string; why?: string } {
  const line = (message.split('\nSee more help')[0] ?? '').replace(/\s*\n\s*/g, ' ').trim()
  for (const [pattern, say] of SENTENCES) {
    const found = pattern.exec(line)
    if (found) return say(...found.slice(1))
  }
  return { what: line }
}

/** For each flag that doesn't exist the one that was probably meant: `--enviroment` → `--environment`. */
function nearestFlags(error: ParseFailure): string[] {
  if (!Array.isArray(error.flags)) return []
  const known = Object.keys(error.parse?.input?.flags ?? {}).map((name) => `--${name}`)
  return error.flags.flatMap((flag) => nearest(String(flag).split('=')[0] ?? '', known) ?? [])
}
