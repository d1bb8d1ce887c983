import { Scrubber } from '../report/scrub.ts'

const REDACTED = '[redacted]'
/** Of a longer line only this much is read and shown: a minified stack trace is no evidence. */
const READ_LENGTH = 2_000
/** A line of a multi-line secret, such as a key's, is worth hiding from this length on. */
const SECRET_LINE = 8

/** What looks like a secret although nobody declared it: an application's log quotes whatever it was given. */
const PATTERNS: [RegExp, string][] = [
  [/(\bauthorization["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^"'\r\n]+)/gi, `$1${REDACTED}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s@/:]*:[^\s/]+@/gi, `$1${REDACTED}@`],
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s@/:]*:[^\s@]+@/gi, `$1${REDACTED}@`],
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]+@/gi, `$1${REDACTED}@`],
  [/(x-amz-(?:signature|security-token|credential)=)[^&\s"']+/gi, `$1${REDACTED}`],
  [
    // `password=…` and `"password": "…"`, but neither `DB_PASSWORD: must be set` nor an ARN's `:secret:` nor `secretsmanager:GetSecretValue`.
    /((?<!:)(?:passw(?:or)?d|passphrase|pwd|secret(?!smanager)|token|api_?-?key|access_?-?key|private_?-?key|credentials?)[\w-]*["']?\s*[=:]\s*)(?!\s*(?:is|are|must|may|can(?:not)?|not|no|required|missing|undefined|null|none|empty|invalid|expected|should|please)\b)("[^"]*"?|'[^']*'?|[^\s,;&"'}]+)/gi,
    `$1${REDACTED}`,
  ],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, REDACTED],
  [
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|npm_\w{30,}|[rs]k_(?:live|test)_\w{10,}|xox[abprs]-[\w-]{10,})/g,
    REDACTED,
  ],
  // Lines of a PEM key.
  [/^[A-Za-z0-9+/]{60,}={0,2}$/g, REDACTED],
]

/** Gives the function that every line passes before a rule sees it: known secrets go first, then what looks like one. */
export function redactor(secrets: readonly { reveal(): string }[]): (line: string) => string {
  const scrubber = new Scrubber()
  for (const secret of secrets) {
    const value = secret.reveal()
    scrubber.hold(value)
    for (const line of value.split(/\r?\n/)) if (line.trim().length >= SECRET_LINE) scrubber.hold(line.trim())
  }
  return (line) =>
    PATTERNS.reduce(
      (text, [pattern, replacement]) => text.replace(pattern, replacement),
      scrubber.scrub(line).slice(0, READ_LENGTH),
    )
}
