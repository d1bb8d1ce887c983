import { cutAtBlank, isBlank, trim } from './blank.ts'
import type { Flag } from './instruction.ts'

/** An instruction's line, divided. */
export interface CommandLine {
  /** As written. */
  keyword: string
  flags: Flag[]
  args: string
}

/** Divides a line into keyword, leading flags and the rest. Quotes and backslashes of a flag are taken off. */
export function splitCommandLine(line: string): CommandLine {
  const cut = cutAtBlank(trim(line))
  if (!cut) return { keyword: trim(line), flags: [], args: '' }
  const [keyword, rest] = cut
  const { flags, from } = readFlags(rest)
  return { keyword, flags: flags.map(readFlag), args: trim(rest.slice(from)) }
}

function readFlag(word: string): Flag {
  const at = word.indexOf('=')
  if (at < 0) return { name: word.slice(2), value: 'true', bare: true }
  return { name: word.slice(2, at), value: word.slice(at + 1), bare: false }
}

/** The words at the beginning that start with `--`, and where the rest begins. A lone `--` ends them. */
function readFlags(text: string): { flags: string[]; from: number } {
  const flags: string[] = []
  let at = 0
  while (at < text.length) {
    if (isBlank(text.charAt(at))) {
      at++
      continue
    }
    if (!text.startsWith('--', at)) return { flags, from: at }
    const { word, end } = readFlagWord(text, at)
    if (word !== '--') flags.push(word)
    else if (end < text.length) return { flags, from: end }
    at = end
  }
  return { flags, from: text.length }
}

function readFlagWord(text: string, from: number): { word: string; end: number } {
  let word = ''
  let quote = ''
  let at = from
  for (; at < text.length; at++) {
    const char = text.charAt(at)
    if (quote === '' && isBlank(char)) break
    if (char === '\\') {
      // A backslash whatever the escape directive says; one at the very end is dropped.
      if (++at < text.length) word += text.charAt(at)
    } else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === quote) quote = ''
    else word += char
  }
  return { word, end: Math.min(at, text.length) }
}
