import { shellQuote } from './shell-quote.ts'

/** A command as it was given: its id, `env:set`, and its words. */
export interface Given {
  id: string | undefined
  argv: string[]
}

/**
 * A hint that is a flag alone becomes the command that was given, with it: only a whole command can be pasted. Values of properties are left out, as
 * they may be secret; a flag that the hint has is replaced.
 */
export function sameCommand(hint: string, { id, argv }: Given): string {
  const [flag = ''] = hint.split(/\s/, 1)
  if (id === undefined || !/^--[a-z]/.test(flag)) return hint
  const takesValue = /^--\S+ [^\s#]/.test(hint)
  const words = argv.flatMap((word, at) => {
    if (word === flag || word.startsWith(`${flag}=`)) return []
    if (takesValue && argv[at - 1] === flag) return []
    return [shellQuote(word.startsWith('-') ? word : word.replace(/=.*/s, ''))]
  })
  return ['lucree', ...id.split(':'), ...words, hint].join(' ')
}
