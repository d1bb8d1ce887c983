import { Scrubber } from '../report/scrub.ts'
import { beginningsOf, mayBeSecret, otherForms, withoutBeginning } from './secret-forms.ts'

const REDACTED = '[redacted]'
/** Of a longer line only this much is read and shown: a minified stack trace is no evidence. */
const READ_LENGTH = 2_000
/** A line of a multi-line secret, such as a key's, is worth hiding from this length on. */
const SECRET_LINE = 8
/** The shortest secret that is taken out at all, and the shortest whose encoded forms are. */
const SHORT = 3
const ENCODED = 4

interface Value {
  reveal(): string
}

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
    /((?<!:)(?:passw(?:or)?d|passphrase|pwd|secret(?!smanager)|token|api_?-?key|access_?-?key|private_?-?key|credentials?)[\w-]*["']?\s*[=:]\s*)(?!\s*(?:is|are|must|may|can(?:not)?|not|no|required|missing|undefined|null|none|empty|invalid|expected|should|please|failed|unable|could|access|user|forbidden|unauthori[sz]ed|expired|revoked|\w*(?:exception|error|failure|fault))\b)("[^"]*"?|'[^']*'?|[^\s,;&"'}]+)/gi,
    `$1${REDACTED}`,
  ],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, REDACTED],
  [
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|npm_\w{30,}|[rs]k_(?:live|test)_\w{10,}|xox[abprs]-[\w-]{10,})/g,
    REDACTED,
  ],
  // What docker quotes of an environment file is a part of a value: a name has no blanks.
  [
    /((?:poorly formatted environment|invalid env file \([^)]*\)): (?:variable|no variable name on line) ').*?(?=' contains|'(?:[.\s]|$))/gi,
    `$1${REDACTED}`,
  ],
  [/(invalid utf8 bytes at line \d+: \[)[\d ]+/gi, `$1${REDACTED}`],
  // Lines of a PEM key.
  [/^[A-Za-z0-9+/]{60,}={0,2}$/g, REDACTED],
]

/** Gives the function that every line passes before a rule sees it: known secrets go first, then what looks like one. */
export function redactor(
  secrets: readonly Value[],
  properties: readonly Value[] = [],
): (line: string) => string {
  const scrubber = new Scrubber()
  const texts = properties.map((value) => value.reveal())
  const known = [
    ...secrets.map((value) => value.reveal()).flatMap((text) => [text, ...passwordsOf(text)]),
    ...texts.flatMap(passwordsOf),
  ]
  const possible = texts.filter(mayBeSecret)
  for (const value of [...known, ...possible]) {
    scrubber.hold(value)
    for (const line of value.split(/\r?\n/)) if (line.trim().length >= SECRET_LINE) scrubber.hold(line.trim())
  }
  for (const value of known.filter(({ length }) => length >= ENCODED))
    for (const form of otherForms(value)) scrubber.hold(form)
  const beginnings = known.flatMap(beginningsOf)
  const short = known.filter(({ length }) => length === SHORT).map(wordOf)
  return (line) => {
    const scrubbed = short.reduce((text, word) => text.replace(word, REDACTED), scrubber.scrub(line))
    const cut = beginnings.reduce((text, beginning) => withoutBeginning(text, beginning, REDACTED), scrubbed)
    return PATTERNS.reduce(
      (text, [pattern, replacement]) => text.replace(pattern, replacement),
      cut.slice(0, READ_LENGTH),
    )
  }
}

/** Passwords of the addresses in a value, as written and as meant: an application tells one alone as well, and it is secret however plain it is. */
function passwordsOf(text: string): string[] {
  const within = [...text.matchAll(IN_ADDRESS)].map(([, password = '']) => password)
  const parsed = URL.canParse(text) ? new URL(text).password : ''
  return [...new Set([parsed, ...within].flatMap((password) => [password, decoded(password)]))].filter(
    Boolean,
  )
}

/** Also in addresses that are none for URL: with several hosts, or behind `jdbc:`. */
const IN_ADDRESS = /:\/\/[^\s@/:]*:([^\s@/]+)@/g

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A short secret is taken out where it stands alone: the scrubber leaves it, since a terminal shows more than logs. */
function wordOf(value: string): RegExp {
  return new RegExp(`(?<![\\w.-])${value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\w-])`, 'g')
}
