/** What differs from run to run and from account to account; a paper shows an example of each. */
const VARYING: [RegExp, string][] = [
  [/https?:\/\/[^\s/"]+/g, 'URL'],
  [/\b\d{8}-\d{6}(-[0-9a-f]{7,})?(-dirty)?-[0-9a-f]{12}\b/g, 'VERSION'],
  [/\b[0-9a-f]{64}\b/g, 'SHA'],
  [/\b(i|sg|vpc|subnet)-[0-9a-f]{17}\b/g, '$1-ID'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, 'ADDRESS'],
  [/\bAKIA\w+\s+\S+/g, 'KEY'],
  [/\b\d{12}\b/g, 'ACCOUNT'],
  [/\b\d\d:\d\d:\d\d\b/g, 'CLOCK'],
  [/\((\d[\d.]* (ms|s|min|h) ?)+\)/g, '(TIME)'],
  [/\blucree\/\S+ \S+ node-v\S+/g, 'PROGRAM'],
  [/\ball \d+ are there\b/g, 'all N are there'],
  [/\bRemoved \d+, 0 left\b/g, 'Removed N, 0 left'],
  [/\buser\/lucree(-deploy)?\b/g, 'USER'],
  [/\b\d+ (bytes|files)\b/g, 'N $1'],
  [/\b[0-9a-f]{8} {2,}/g, 'PRINT  '],
]

/** Told where this machine's Node isn't the Dockerfile's: a paper's reader may have either. */
const OF_THE_MACHINE =
  /^The Dockerfile asks for Node \d+, and without a container engine the embedded Beanstalk runs it on this machine's Node \S+\n/gm

/**
 * How a paper's text differs from what was printed, as a sentence; undefined when it doesn't. A line `…` stands for any lines, a `…` at a line's end for
 * any rest of it; all other lines must be there as they stand and in this order, the first at the beginning and the last at the end.
 */
export function difference(told: string, printed: string): string | undefined {
  const lines = plain(printed)
  const parts: string[][] = [[]]
  for (const line of plain(told)) {
    if (line === '…') parts.push([])
    else parts.at(-1)?.push(line)
  }
  let at = 0
  for (const [index, part] of parts.entries()) {
    const isFirst = index === 0
    const isLast = index === parts.length - 1
    if (part.length === 0 && !(isFirst && isLast)) continue
    const found = isLast && !isFirst ? lines.length - part.length : placeOf(part, lines, at, isFirst)
    if (found < at || !matches(part, lines, found)) return `not printed there: ${part.join('\n')}`
    at = found + part.length
    if (isLast && at !== lines.length) return `not told: ${lines.slice(at).join('\n')}`
  }
  return undefined
}

function placeOf(part: string[], lines: string[], from: number, fixed: boolean): number {
  if (fixed) return from
  return lines.findIndex((_, index) => index >= from && matches(part, lines, index))
}

function matches(part: string[], lines: string[], at: number): boolean {
  return part.every((wanted, offset) => {
    const line = lines[at + offset]
    if (line === undefined) return false
    return wanted.endsWith('…') ? line.startsWith(wanted.slice(0, -1)) : line === wanted
  })
}

/** Lines without what varies, and without white space and empty lines at the ends. */
function plain(text: string): string[] {
  const told = text.replace(OF_THE_MACHINE, '')
  const even = VARYING.reduce((all, [pattern, name]) => all.replace(pattern, name), told)
  return even
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .map((line) => line.trimEnd())
}
