const NAME = String.raw`\\?["'\x60]?\$?\{?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+|[A-Z]{3,}[A-Z0-9]*)\b\}?\\?["'\x60]?`
const LACKS = String.raw`(?:(?:environment )?variable )?(?:(?:is |was |are |must be |has to be )?(?:not (?:set|defined|found|provided|configured|given|specified)|undefined|unset|missing|required|mandatory|empty)|is(?:n['’]t| n['’]t) set|wasn['’]t set|(?:must|has to|should|needs to) be (?:set|defined|provided|given|specified)|cannot be (?:empty|blank))`
const COMPLAINS = String.raw`(?:[Mm]issing|[Rr]equired?s?|[Uu]ndefined|[Uu]nset|[Nn]o|[Nn]eeds?|[Ee]xpected|[Pp]rovide|[Ss]et|[Dd]efine|[Ww]ithout|[Ll]acks?)`
/** `DATABASE_URL is not set`, `Missing required environment variable: API_KEY`, `KeyError: 'SECRET_KEY'`, `process.env.X is undefined`. */
const MISSING_VARIABLE = new RegExp(
  [
    `(?:process\\.env\\.|os\\.environ\\[)?${NAME}\\]?[: ]+(?:env(?:ironment)? (?:variable|var) )?${LACKS}`,
    `\\b${COMPLAINS}(?: the| a| an)?(?: required)? (?:env(?:ironment)? ?(?:variables?|vars?)|variables?|secret|setting|configuration)s?:? ${NAME}`,
    `KeyError: '([A-Z][A-Z0-9_]{2,})'`,
    `(?:please )?(?:set|provide|define|specify) (?:the )?${NAME} (?:environment|env|variable|in|before)`,
    `\\b(?:key not found|ENV\\.fetch)[^A-Z]{0,12}${NAME}`,
    `${NAME}: (?:parameter null or not set|unbound variable|Required|field required)`,
  ].join('|'),
)
const NO_VARIABLE =
  /^(?:ERROR|FATAL|WARN|WARNING|INFO|DEBUG|TRACE|HTTP|HTTPS|URL|JSON|MODULE_NOT_FOUND|ENOENT|EACCES|CMD|ENTRYPOINT|FROM)$/

const QUOTE = String.raw`\\?["']`
const UNDEFINED = String.raw`(?:Required|(?:Invalid input: )?[Ee]xpected [\w ]+, received undefined)`
const PATH = String.raw`path(?:${QUOTE})?:\s*\[\s*${QUOTE}([A-Z][A-Z0-9_]+)${QUOTE}\s*\]`
/** What validators print over several lines: an issue's path in an array, a name below its sentence, a list of names below a heading. */
const ISSUES = [
  new RegExp(`${PATH},\\s*(?:${QUOTE})?message(?:${QUOTE})?:\\s*${QUOTE}${UNDEFINED}`),
  new RegExp(`received(?:${QUOTE})?:\\s*${QUOTE}undefined${QUOTE},\\s*(?:${QUOTE})?${PATH}`),
  new RegExp(`${UNDEFINED}\\s+(?:→|->) at ([A-Z][A-Z0-9_]+)`),
  new RegExp(String.raw`\b([A-Z][A-Z0-9_]{2,})(?:${QUOTE})?:\s*\[\s*${QUOTE}${UNDEFINED}`),
  /[Mm]issing (?:environment|env|required) variables?:\s+([A-Z][A-Z0-9_]{2,})\b/,
]
// Terminals' colours.
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g')

/** The newest line that names a variable and says that it isn't there, or the first that a validator names, with the name. */
export function missingVariable(lines: string[]): { name: string; line: string } | undefined {
  const plain = lines.map((line) => line.replace(COLOUR, ''))
  for (const [at, text] of [...plain.entries()].toReversed()) {
    const name = MISSING_VARIABLE.exec(text)?.slice(1).find(Boolean)
    if (name && !NO_VARIABLE.test(name)) return { name, line: lines[at] ?? text }
  }
  const all = plain.join('\n')
  for (const issue of ISSUES) {
    const name = issue.exec(all)?.[1]
    const at = name === undefined ? -1 : plain.findIndex((text) => text.includes(name))
    if (name !== undefined && at >= 0) return { name, line: lines[at] ?? '' }
  }
  return undefined
}
