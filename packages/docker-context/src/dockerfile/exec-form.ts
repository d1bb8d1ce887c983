import { trimLeft } from './blank.ts'

export const NOT_STRINGS = 'when using JSON array syntax, arrays must be comprised of strings only'

/**
 * The strings of an exec form; undefined when the text is no JSON array and so a shell's. What follows the array counts for nothing:
 * `["a"] b` is `["a"]`. `not-strings` when the array holds something else.
 */
export function readExecForm(text: string): string[] | 'not-strings' | undefined {
  const rest = trimLeft(text)
  const end = rest.startsWith('[') ? endOfArray(rest) : 0
  if (end === 0) return undefined
  const items = parse(rest.slice(0, end))
  if (!Array.isArray(items)) return undefined
  return items.every((item): item is string => typeof item === 'string') ? items : 'not-strings'
}

/** Where the array that begins the text ends; 0 when it doesn't. */
function endOfArray(text: string): number {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '[' || char === '{') depth++
    else if ((char === ']' || char === '}') && --depth === 0) return at + 1
  }
  return 0
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
