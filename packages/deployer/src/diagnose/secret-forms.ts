/** Other ways in which a value is written; the plain one, JSON's and a URL's the scrubber knows. */
export function otherForms(value: string): string[] {
  const bytes = Buffer.from(value)
  const url = encodeURIComponent(bytes.toString())
  const forms = [
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    ...[0, 1, 2].map((before) => withinBase64(bytes, before)),
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    url.replaceAll('%20', '+'),
  ]
  return forms
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
    .filter((form) => form.length >= SHORTEST_FORM)
}

/** A shorter form may be part of any word. */
const SHORTEST_FORM = 8

/** What base64 of a longer text has of the value, such as of `user:password`: where it stands `before` bytes behind a multiple of three. */
function withinBase64(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
}

/** The beginning of a long secret, from which on it tells something of it. */
export interface Beginning {
  least: string
  value: string
}

const LONG = 12
const LEAST = 8
/** What every key and address of the kind begins with. */
const COMMON = /^(?:-----BEGIN [A-Z ]+-----\s*|[a-z][a-z0-9+.-]*:\/\/(?:[^:@/]*:(?=.*@))?)/

/** Beginnings by which a text gives a secret away, in plain and in base64. */
export function beginningsOf(secret: string): Beginning[] {
  if (secret.length < LONG) return []
  return [secret, Buffer.from(secret).toString('base64')].flatMap((value) => {
    const from = (COMMON.exec(value)?.[0].length ?? 0) + LEAST
    return value.length > from ? [{ least: value.slice(0, from), value }] : []
  })
}

/** The text with `mark` wherever at least the least beginning of the value stands, as far as it goes on like the value. */
export function withoutBeginning(text: string, { least, value }: Beginning, mark: string): string {
  let clean = ''
  let done = 0
  for (let at = text.indexOf(least); at >= 0; at = text.indexOf(least, done)) {
    let length = least.length
    while (length < value.length && text[at + length] === value[length]) length += 1
    clean += text.slice(done, at) + mark
    done = at + length
  }
  return clean + text.slice(done)
}

const HOST = String.raw`(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[a-z][a-z0-9-]{0,40}(?:\.[a-z0-9-]{1,40})*\.[a-z]{2,})(?::\d{1,5})?`
const PATH = String.raw`(?:\/(?:[a-z][a-z_.-]{0,20}\d{0,3}|\d{1,3}))*\/?`
/** A number, a word, an address without credentials and the like: hiding these makes holes in the words of a log and keeps nothing secret. */
const PLAIN = [
  /^[+-]?\d{1,12}(?:[.,]\d{1,6})?\s?(?:%|[a-zA-Z]{1,5})?$/,
  /^(?:[a-z]{1,12}|[A-Z]{1,12}|[A-Z][a-z]{1,11})$/,
  // A region, a locale, a time zone, a version.
  /^[a-z]{2}(?:-[a-z]{3,12}){1,2}-\d$/,
  /^[a-z]{2,3}[-_][A-Z]{2}(?:\.[\w-]{1,12})?$/,
  /^[A-Z][a-z]{1,12}(?:\/[A-Z][A-Za-z_]{1,20}){1,2}$/,
  /^v?\d{1,4}(?:\.\d{1,4}){1,3}$/,
  new RegExp(`^(?:[a-z][a-z0-9+]{1,12}://)?${HOST}${PATH}$`),
  new RegExp(`^(?:[a-z][a-z0-9+]{1,12}://[a-z][a-z-]{0,20}(?::\\d{1,5})?|\\.{0,2})${PATH}$`),
]
/** Shorter values of properties that nobody calls secret are parts of ordinary words. */
const SHORTEST_VALUE = 6

/** Whether a property's value, of which nobody says that it is secret, may be one. */
export function mayBeSecret(value: string): boolean {
  return value.length >= SHORTEST_VALUE && !PLAIN.some((plain) => plain.test(value))
}
