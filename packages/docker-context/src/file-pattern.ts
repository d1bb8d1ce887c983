/** One character of a name that a pattern asks for, or a run of any characters but `/`. */
type Step = { kind: 'char'; char: string } | { kind: 'any' } | { kind: 'star' } | CharacterClass

interface CharacterClass {
  kind: 'class'
  negated: boolean
  /** First and last code point of each range. */
  ranges: [number, number][]
}

/** A pattern in the syntax of Go's `filepath.Match`. */
export interface FilePattern {
  /** Whether the pattern matches a whole name. Takes time in proportion to the name's length times the pattern's. */
  matches: (name: string) => boolean
}

/**
 * Reads a pattern as Go's `filepath.Match` on Unix does (Go 1.24): `*` is any run without `/`, `?` one code point but `/`, `[a-c]` and
 * `[^a]` classes, which match `/` too, and a backslash takes the next character as it is. Undefined for what Go calls a
 * "syntax error in pattern".
 */
export function parseFilePattern(pattern: string): FilePattern | undefined {
  const chunks = chunksOf(pattern)
  return chunks && { matches: (name) => matchChunks(chunks, Array.from(name)) }
}

/** What stands between stars: steps that take one character each, behind a star or not. */
interface Chunk {
  star: boolean
  steps: Exclude<Step, { kind: 'star' }>[]
}

function chunksOf(pattern: string): Chunk[] | undefined {
  const chars = Array.from(pattern)
  const chunks: Chunk[] = []
  let chunk: Chunk = { star: false, steps: [] }
  for (let at = 0; at < chars.length;) {
    const read = stepAt(chars, at)
    if (!read) return undefined
    at = read.next
    if (read.step.kind !== 'star') chunk.steps.push(read.step)
    else if (chunk.steps.length === 0) chunk.star = true
    else {
      chunks.push(chunk)
      chunk = { star: true, steps: [] }
    }
  }
  return [...chunks, chunk]
}

function stepAt(chars: string[], at: number): { step: Step; next: number } | undefined {
  const char = chars[at] as string
  if (char === '*') return { step: { kind: 'star' }, next: at + 1 }
  if (char === '?') return { step: { kind: 'any' }, next: at + 1 }
  if (char === '[') return classAt(chars, at + 1)
  if (char !== '\\') return { step: { kind: 'char', char }, next: at + 1 }
  const escaped = chars[at + 1]
  return escaped === undefined ? undefined : { step: { kind: 'char', char: escaped }, next: at + 2 }
}

function classAt(chars: string[], start: number): { step: Step; next: number } | undefined {
  const negated = chars[start] === '^'
  const ranges: [number, number][] = []
  for (let at = negated ? start + 1 : start; ;) {
    if (chars[at] === ']' && ranges.length > 0)
      return { step: { kind: 'class', negated, ranges }, next: at + 1 }
    const low = boundAt(chars, at)
    if (!low) return undefined
    const high = chars[low.next] === '-' ? boundAt(chars, low.next + 1) : low
    if (!high) return undefined
    ranges.push([low.point, high.point])
    at = high.next
  }
}

/** A character of a class; `-` and `]` need a backslash. */
function boundAt(chars: string[], at: number): { point: number; next: number } | undefined {
  const next = chars[at] === '\\' ? at + 1 : at
  const char = chars[next]
  if (char === undefined || (next === at && (char === '-' || char === ']'))) return undefined
  return { point: char.codePointAt(0) as number, next: next + 1 }
}

/** As Go does it: each chunk takes the first place that fits and never gives it back, so nothing is tried twice. */
function matchChunks(chunks: Chunk[], name: string[]): boolean {
  let at = 0
  for (const [index, chunk] of chunks.entries()) {
    const last = index === chunks.length - 1
    if (chunk.star && chunk.steps.length === 0) return !name.includes('/', at)
    const found = placeOf(chunk, name, at, last)
    if (found === undefined) return false
    at = found + chunk.steps.length
  }
  return at === name.length
}

function placeOf(chunk: Chunk, name: string[], from: number, last: boolean): number | undefined {
  for (let at = from; ; at++) {
    const fits = matchesAt(chunk, name, at) && !(last && at + chunk.steps.length < name.length)
    if (fits) return at
    if (!chunk.star || at >= name.length || name[at] === '/') return undefined
  }
}

function matchesAt({ steps }: Chunk, name: string[], at: number): boolean {
  return steps.every((step, index) => {
    const char = name[at + index]
    if (char === undefined) return false
    if (step.kind === 'any') return char !== '/'
    if (step.kind === 'char') return char === step.char
    const point = char.codePointAt(0) as number
    return step.ranges.some(([low, high]) => low <= point && point <= high) !== step.negated
  })
}
