import { isBlank } from './blank.ts'
import { LexError } from './lex-error.ts'
import { removePrefix, removeSuffix, replaceMatches } from './modifier-pattern.ts'
import { refuseTooLarge, TooLarge } from './too-large.ts'

/** What isn't known: a base image's variable, a build argument. */
export const UNKNOWN: unique symbol = Symbol('unknown')

/** A variable's value; undefined when it isn't set, {@link UNKNOWN} when that can't be told. */
export type Lookup = (name: string) => string | undefined | typeof UNKNOWN

/** Substitutions in substitutions. */
const DEEPEST = 500

export interface LexOptions {
  lookup: Lookup
  escape: string
  /** Quotes stay in the result. */
  rawQuotes?: boolean
  /** Escapes stay in the result. */
  rawEscapes?: boolean
  /** Quotes are characters like others. */
  plainQuotes?: boolean
  /** `$NAME` stays when it isn't set. */
  keepUnset?: boolean
}

/** A text processed; undefined when it depends on something unknown. */
type Text = string | undefined

const NAME_CHAR = /[\p{L}\p{Nd}_]/u
const DIGIT = /\p{Nd}/u
const SPECIAL = '@*#?-$!0'

/** Removes quotes and escapes and expands variables as BuildKit's shell lexer does. One lexer reads one text once. */
export class Lexer {
  readonly #chars: string[]
  readonly #options: LexOptions
  #at = 0
  #depth = 0
  #rawEscapes: boolean

  constructor(text: string, options: LexOptions) {
    this.#chars = Array.from(text.startsWith('\uFEFF') ? text.slice(1) : text)
    this.#options = options
    this.#rawEscapes = options.rawEscapes ?? false
  }

  /** The whole text as one word and as words. Throws {@link LexError}, {@link TooLarge}. */
  read(): { word: Text; words: string[] | undefined } {
    return this.#until(undefined, this.#rawEscapes)
  }

  get #next(): string | undefined {
    return this.#chars[this.#at]
  }

  #until(stop: string | undefined, rawEscapes: boolean): { word: Text; words: string[] | undefined } {
    if (++this.#depth > DEEPEST) throw new TooLarge()
    const outer = this.#rawEscapes
    this.#rawEscapes = rawEscapes
    try {
      return this.#readUntil(stop)
    } finally {
      this.#rawEscapes = outer
      this.#depth--
    }
  }

  #readUntil(stop: string | undefined): { word: Text; words: string[] | undefined } {
    const { plainQuotes = false, escape } = this.#options
    const out = new Pieces()
    for (let char = this.#next; char !== undefined; char = this.#next) {
      if (char === stop) {
        this.#at++
        return out.result()
      }
      if (char === '$') out.addWords(this.#dollar())
      else if (!plainQuotes && char === "'") out.add(this.#singleQuoted())
      else if (!plainQuotes && char === '"') out.add(this.#doubleQuoted())
      else {
        this.#at++
        if (char !== escape) {
          out.addWords(char)
          continue
        }
        if (this.#rawEscapes) out.add(char)
        const escaped = this.#next
        if (escaped === undefined) break
        this.#at++
        out.add(escaped)
      }
    }
    if (stop !== undefined) {
      throw new LexError(`unexpected end of statement while looking for matching ${stop}`)
    }
    return out.result()
  }

  #singleQuoted(): string {
    const end = this.#chars.indexOf("'", this.#at + 1)
    if (end < 0) {
      this.#at = this.#chars.length
      throw new LexError('unexpected end of statement while looking for matching single-quote')
    }
    const raw = this.#options.rawQuotes === true
    const text = this.#chars.slice(raw ? this.#at : this.#at + 1, raw ? end + 1 : end).join('')
    this.#at = end + 1
    return text
  }

  #doubleQuoted(): Text {
    const { rawQuotes = false, escape } = this.#options
    const out = new Pieces()
    if (rawQuotes) out.add('"')
    this.#at++
    for (let char = this.#next; char !== undefined; char = this.#next) {
      if (char === '$') {
        out.add(this.#dollar())
        continue
      }
      this.#at++
      if (char === '"') {
        if (rawQuotes) out.add('"')
        return out.result().word
      }
      if (char === escape) {
        if (this.#rawEscapes) out.add(char)
        const escaped = this.#next
        if (escaped === undefined) continue
        if (escaped === '"' || escaped === '$' || escaped === escape) {
          this.#at++
          out.add(escaped)
          continue
        }
      }
      out.add(char)
    }
    throw new LexError('unexpected end of statement while looking for matching double-quote')
  }

  #dollar(): Text {
    this.#at++
    if (this.#next === '{') {
      this.#at++
      return this.#braced()
    }
    const name = this.#name()
    if (name === '') return '$'
    const value = this.#options.lookup(name)
    if (value === UNKNOWN) return undefined
    return value ?? (this.#options.keepUnset === true ? `$${name}` : '')
  }

  #braced(): Text {
    const first = this.#next
    if (first === undefined) throw new LexError("syntax error: missing '}'")
    if (first === '{' || first === '}' || first === ':') throw new LexError('syntax error: bad substitution')
    const name = this.#name()
    let modifier = this.#take()
    if (modifier === '}') return this.#plain(name)
    if (modifier === '/') return this.#replaced(name)
    const emptyIsUnset = modifier === ':'
    if (emptyIsUnset) modifier = this.#take()
    const written = emptyIsUnset ? `:${modifier}` : modifier
    if (!emptyIsUnset && !'+-?#%'.includes(modifier)) throw unsupported(written)
    const word = this.#closing('}', modifier === '#' || modifier === '%', "syntax error: missing '}'")
    const value = this.#options.lookup(name)
    if (value === undefined && this.#options.keepUnset === true) return `\${${name}${written}${word ?? ''}}`
    switch (modifier) {
      case '-':
        return value === UNKNOWN ? undefined : isSet(value, emptyIsUnset) ? value : word
      case '+':
        return value === UNKNOWN ? undefined : isSet(value, emptyIsUnset) ? word : ''
      case '?':
        return this.#required(name, value, emptyIsUnset, word)
      case '#':
      case '%': {
        if (value === UNKNOWN || word === undefined) return undefined
        const remove = modifier === '#' ? removePrefix : removeSuffix
        return word.startsWith(modifier)
          ? remove(value ?? '', word.slice(1), true)
          : remove(value ?? '', word, false)
      }
      default:
        throw unsupported(written)
    }
  }

  #plain(name: string): Text {
    const value = this.#options.lookup(name)
    if (value === UNKNOWN) return undefined
    return value ?? (this.#options.keepUnset === true ? `\${${name}}` : '')
  }

  #required(name: string, value: ReturnType<Lookup>, emptyIsUnset: boolean, word: Text): Text {
    if (value === UNKNOWN) return undefined
    if (isSet(value, emptyIsUnset)) return value
    const fallback = `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`
    throw new LexError(`${name}: ${word === undefined || word === '' ? fallback : word}`)
  }

  #replaced(name: string): Text {
    const all = this.#next === '/'
    if (all) this.#at++
    const pattern = this.#closing('/', true, "syntax error: missing '/' in ${}")
    const replacement = this.#closing('}', true, "syntax error: missing '}'")
    const value = this.#options.lookup(name)
    if (value === undefined && this.#options.keepUnset === true) {
      return `\${${name}/${pattern ?? ''}/${replacement ?? ''}}`
    }
    if (value === UNKNOWN || pattern === undefined || replacement === undefined) return undefined
    return replaceMatches(value ?? '', pattern, replacement, all)
  }

  /** Reads up to a closing character. When the text ends before, the message is the given one. */
  #closing(stop: string, rawEscapes: boolean, atEnd: string): Text {
    try {
      return this.#until(stop, rawEscapes).word
    } catch (error) {
      if (error instanceof LexError && this.#next === undefined) throw new LexError(atEnd)
      throw error
    }
  }

  #name(): string {
    const first = this.#next
    if (first === undefined) return ''
    const only = DIGIT.test(first) ? DIGIT : NAME_CHAR
    if (only === NAME_CHAR && SPECIAL.includes(first)) return this.#take()
    const from = this.#at
    while (this.#next !== undefined && only.test(this.#next)) this.#at++
    return this.#chars.slice(from, this.#at).join('')
  }

  /** The next character. Go's end of text is printed as U+FFFD. */
  #take(): string {
    return this.#chars[this.#at++] ?? '\uFFFD'
  }
}

const isSet = (value: string | undefined, emptyIsUnset: boolean): value is string =>
  value !== undefined && !(emptyIsUnset && value === '')

const unsupported = (modifier: string): LexError =>
  new LexError(`unsupported modifier (${modifier}) in substitution`)

/** A result that grows, as one word and divided into words. */
class Pieces {
  #all: string[] = []
  #length = 0
  #known = true
  #word: string[] = []
  #words: string[] = []

  /** Text that divides nothing: quoted or escaped. */
  add(text: Text): void {
    this.#remember(text)
    if (text !== undefined && text !== '') this.#word.push(text)
  }

  /** Text whose blanks divide words. */
  addWords(text: Text): void {
    this.#remember(text)
    for (const char of text ?? '') {
      if (isBlank(char)) this.#endWord()
      else this.#word.push(char)
    }
  }

  result(): { word: Text; words: string[] | undefined } {
    this.#endWord()
    if (!this.#known) return { word: undefined, words: undefined }
    return { word: this.#all.join(''), words: this.#words }
  }

  #remember(text: Text): void {
    if (text === undefined) {
      this.#known = false
      return
    }
    this.#length += text.length
    refuseTooLarge(this.#length)
    this.#all.push(text)
  }

  #endWord(): void {
    if (this.#word.length > 0) this.#words.push(this.#word.join(''))
    this.#word = []
  }
}
