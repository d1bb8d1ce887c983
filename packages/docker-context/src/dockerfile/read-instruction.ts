import { cutAtBlank, isBlank, trim, trimLeft } from './blank.ts'
import { splitCommandLine } from './command-line.ts'
import { NOT_STRINGS, readExecForm } from './exec-form.ts'
import type { Instruction } from './instruction.ts'
import { LineError } from './line-error.ts'
import { splitAtBlanks, splitPairs, splitWords } from './words.ts'

/** The arguments of one instruction. */
type Arguments = Pick<Instruction, 'words' | 'json' | 'trigger'>

/** Reads a joined line. What follows it (heredocs) and where it stands is the caller's to add. Throws {@link LineError}. */
export function readInstruction(line: string, escape: string): Instruction {
  const { keyword, flags, args } = splitCommandLine(line)
  const upper = keyword.toUpperCase()
  return {
    keyword: upper,
    line: 0,
    endLine: 0,
    text: trim(line),
    flags,
    args,
    ...divide(upper, args, escape),
    heredocs: [],
  }
}

function divide(keyword: string, args: string, escape: string): Arguments {
  if (args === '') return wordsOnly([])
  switch (keyword) {
    case 'ARG':
      return wordsOnly(splitWords(args, escape))
    case 'ENV':
    case 'LABEL':
      return wordsOnly(splitPairs(args, keyword, escape))
    case 'EXPOSE':
    case 'FROM':
      return wordsOnly(splitAtBlanks(args))
    case 'ADD':
    case 'COPY':
    case 'VOLUME':
      return execForm(args) ?? wordsOnly(splitAtBlanks(args))
    case 'CMD':
    case 'ENTRYPOINT':
    case 'RUN':
    case 'SHELL':
      return execForm(args) ?? wordsOnly([args])
    case 'HEALTHCHECK':
      return healthcheck(args)
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'WORKDIR':
      return wordsOnly([args])
    case 'ONBUILD':
      return onbuild(args, escape)
    default:
      return wordsOnly([args])
  }
}

const wordsOnly = (words: readonly string[]): Arguments => ({ words, json: undefined, trigger: undefined })

function execForm(args: string): Arguments | undefined {
  const json = readExecForm(args)
  if (json === 'not-strings') throw new LineError(NOT_STRINGS)
  return json && { words: json, json, trigger: undefined }
}

function healthcheck(args: string): Arguments {
  let end = 0
  while (end < args.length && !isBlank(args.charAt(end))) end++
  const kind = args.slice(0, end)
  const rest = trimLeft(args.slice(end))
  const form = rest === '' ? wordsOnly([]) : (execForm(rest) ?? wordsOnly([rest]))
  return { ...form, words: [kind, ...form.words] }
}

function onbuild(args: string, escape: string): Arguments {
  const [inner] = cutAtBlank(args) ?? [args]
  // ONBUILD ONBUILD is refused whatever follows.
  const trigger = inner.toUpperCase() === 'ONBUILD' ? undefined : readInstruction(args, escape)
  return { words: trigger ? [inner, ...trigger.words] : [inner], json: undefined, trigger }
}
