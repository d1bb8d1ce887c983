import type { Heredoc } from './instruction.ts'
import { Lexer, type LexOptions } from './lexer.ts'
import { TooLarge } from './too-large.ts'
import { LexError } from './lex-error.ts'

const unset = () => undefined
const LINE: LexOptions = { lookup: unset, escape: '\\', rawQuotes: true, rawEscapes: true, keepUnset: true }
const NAME: LexOptions = { lookup: unset, escape: '\\', keepUnset: true }
const RAW_NAME: LexOptions = { ...NAME, rawQuotes: true }

/** What a `<<EOF` word announces. */
export type HeredocMark = Omit<Heredoc, 'content'>

/** The heredocs that a line announces, in their order. None when its quotes aren't closed. Throws {@link LexError}. */
export function findHeredocs(line: string): HeredocMark[] {
  if (!line.includes('<<')) return []
  return (wordsIn(line, LINE, []) ?? []).flatMap((word) => readHeredocMark(word) ?? [])
}

/** Reads a word as `<<NAME`, `<<-NAME` or one with the name in quotes; undefined when it is none. Throws {@link LexError}. */
export function readHeredocMark(word: string): HeredocMark | undefined {
  const found = /^\d*<<(-?)([^<]+)$/.exec(word)
  if (!found) return undefined
  const written = found[2] ?? ''
  const names = wordsIn(written, NAME)
  const raw = wordsIn(written, RAW_NAME)
  const [name] = names ?? []
  if (name === undefined || names?.length !== 1) return undefined
  return { name, expand: quotesIn(name) === quotesIn(raw?.[0] ?? ''), chomp: found[1] === '-' }
}

/** As {@link readHeredocMark}; a word that can't be read is none. */
export function heredocMarkIn(word: string): HeredocMark | undefined {
  try {
    return readHeredocMark(word)
  } catch (error) {
    if (error instanceof LexError) return undefined
    throw error
  }
}

/** The content as a file has it: without the tabs that `<<-` takes away. */
export function heredocText({ content, chomp }: Heredoc): string {
  return chomp ? content.replace(/^\t+/gm, '') : content
}

const quotesIn = (text: string): number => text.length - text.replace(/['"]/g, '').length

function wordsIn(text: string, options: LexOptions, otherwise?: string[]): string[] | undefined {
  try {
    return new Lexer(text, options).read().words
  } catch (error) {
    if (error instanceof TooLarge) return otherwise ?? []
    if (error instanceof LexError && otherwise) return otherwise
    throw error
  }
}
