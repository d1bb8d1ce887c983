/** A value that is printed on purpose, because the user asked for it by name (`env get --reveal`): the one way past the {@link Scrubber}. */
export class Revealed {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A server's XML may write these as they are or by name, some of them and not others. */
const XML_NAMES: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }
const REDACTED = '[redacted]'
/** Shorter values are parts of ordinary words: taking them out would spoil every line and betray them by the holes. */
const SHORTEST = 4
/** From this length on a value is taken out inside of words too. */
const UNMISTAKABLE = 8

/** The last line of defence: knows the secret values of this process and takes them out of whatever is about to be printed, also when a server's message quotes one. */
export class Scrubber {
  readonly #values = new Set<string>()
  #pattern: RegExp | undefined

  /** From now on `value` is taken out of every text. */
  hold(value: string): void {
    if (value.length < SHORTEST || this.#values.has(value)) return
    for (const form of writtenForms(value)) this.#values.add(form)
    this.#pattern = undefined
  }

  /** The text with every held value as `[redacted]`. */
  scrub(text: string): string {
    if (this.#values.size === 0) return text
    this.#pattern ??= patternOf(this.#values)
    return text.replace(this.#pattern, REDACTED)
  }
}

/** The value as it stands in plain text and XML, in JSON, and in a URL. */
function writtenForms(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(Buffer.from(value).toString())]
}

function patternOf(values: Iterable<string>): RegExp {
  const longestFirst = [...values].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(alternative).join('|'), 'g')
}

/** A short word is only taken out where it stands alone: a token `test` must not make holes in the name of `shop-test`. */
function alternative(value: string): string {
  const pattern = value
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replace(/[&<>"']/g, (character) => `(?:${character}|&${XML_NAMES[character]};)`)
  return value.length >= UNMISTAKABLE || !/^\w+$/.test(value) ? pattern : `(?<![\\w.-])${pattern}(?![\\w-])`
}
