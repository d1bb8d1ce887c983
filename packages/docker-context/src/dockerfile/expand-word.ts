import { DockerfileError } from './dockerfile-error.ts'
import { goQuote } from './go-quote.ts'
import { LexError } from './lex-error.ts'
import { Lexer, type LexOptions, type Lookup } from './lexer.ts'
import { TooLarge } from './too-large.ts'

/**
 * Removes quotes and escapes and expands variables as BuildKit does: `$NAME`, `${NAME}`, and with `:-` `-` `:+` `+` `:?` `?` `#` `##`
 * `%` `%%` `/a/b` `//a/b`. Undefined when the value depends on something unknown, or
 * has more than 4 Mi characters. Throws {@link DockerfileError} where BuildKit
 * refuses: a quote or a brace that isn't closed, another modifier, `?` with the variable unset. The error's line is 0.
 */
export function expandWord(text: string, lookup: Lookup, escape: string): string | undefined {
  return read(text, { lookup, escape }).word
}

/** As {@link expandWord}, divided at blanks after the expansion, as EXPOSE does. */
export function expandWords(text: string, lookup: Lookup, escape: string): string[] | undefined {
  return read(text, { lookup, escape }).words
}

/** Expands the variables of a heredoc that COPY or ADD writes: quotes stay, the escape is a backslash. */
export function expandContent(text: string, lookup: Lookup): string | undefined {
  return read(text, { lookup, escape: '\\', plainQuotes: true }).word
}

function read(text: string, options: LexOptions): { word: string | undefined; words: string[] | undefined } {
  try {
    return new Lexer(text, options).read()
  } catch (error) {
    if (error instanceof TooLarge) return { word: undefined, words: undefined }
    if (!(error instanceof LexError)) throw error
    throw new DockerfileError(`failed to process ${goQuote(text)}: ${error.message}`, 0)
  }
}
