import { DIVIDER, cutAtBlank, isBlank } from './blank.ts'
import { goQuote } from './go-quote.ts'
import { LineError } from './line-error.ts'

/**
 * Splits at blanks outside quotes, as ENV, LABEL and ARG do; quotes and escapes stay in the words. A quote that isn't closed reaches to
 * the end. COPY, ADD, EXPOSE, FROM and VOLUME divide at every blank instead.
 */
export function splitWords(text: string, escape: string): string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  let begun = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quote === '' && isBlank(char)) {
      if (begun) words.push(word)
      word = ''
      begun = false
      continue
    }
    if (char === escape && quote !== "'") {
      // An escape at the very end is dropped.
      if (at + 1 === text.length) break
      word += char + text.charAt(++at)
      begun = true
      continue
    }
    if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === quote) quote = ''
    word += char
    begun = true
  }
  if (begun) words.push(word)
  return words
}

export const splitAtBlanks = (text: string): string[] => (text === '' ? [] : text.split(DIVIDER))

/** Names and values by turns: `A=1 B="2 3"`, or the old form `A 1 2`. Throws {@link LineError}. */
export function splitPairs(text: string, keyword: string, escape: string): string[] {
  const words = splitWords(text, escape)
  const [first] = words
  if (first === undefined) return []
  if (!first.includes('=')) {
    const parts = cutAtBlank(text)
    if (!parts) throw new LineError(`${keyword} must have two arguments`)
    return parts
  }
  return words.flatMap((word) => {
    const at = word.indexOf('=')
    if (at < 0) {
      throw new LineError(`Syntax error - can't find = in ${goQuote(word)}. Must be of the form: name=value`)
    }
    return [word.slice(0, at), word.slice(at + 1)]
  })
}
