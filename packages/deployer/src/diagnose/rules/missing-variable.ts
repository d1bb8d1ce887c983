const NAME = String.raw`["'\x60]?\$?\{?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+|[A-Z]{3,}[A-Z0-9]*)\b\}?["'\x60]?`
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

/** The newest line that names a variable and says that it isn't there, with the name. */
export function missingVariable(lines: string[]): { name: string; line: string } | undefined {
  for (const line of lines.toReversed()) {
    const name = MISSING_VARIABLE.exec(line)?.slice(1).find(Boolean)
    if (name && !NO_VARIABLE.test(name)) return { name, line }
  }
  return undefined
}
