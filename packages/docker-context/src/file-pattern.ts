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
  const { chunks, broken } = chunksOf(pattern)
  return broken ? undefined : { matches: (name) => matchChunks(chunks, Array.from(name)) }
}

/**
 * Whether Go's `filepath.Match` finds a syntax error while it compares a pattern with a name. It looks no further than the first part
 * between stars that doesn't match, so that `a*[` is taken for good beside `b` and refused beside `ab`.
 */
export function matchFails(pattern: string, name: string): boolean {
  const { chunks, broken } = chunksOf(pattern)
  return broken && endOf(chunks.slice(0, -1), Array.from(name), false) !== undefined
}

/** What stands between stars: steps that take one character each, behind a star or not. */
interface Chunk {
  star: boolean
  steps: Exclude<Step, { kind: 'star' }>[]
}

/** The chunks up to the first that is malformed; `broken` says that the last one is. */
function chunksOf(pattern: string): { chunks: Chunk[]; broken: boolean } {
  const chars = Array.from(pattern)
  const chunks: Chunk[] = []
  let chunk: Chunk = { star: false, steps: [] }
  for (let at = 0; at < chars.length;) {
    const read = stepAt(chars, at)
    if (!read) return { chunks: [...chunks, chunk], broken: true }
    at = read.next
    if (read.step.kind !== 'star') chunk.steps.push(read.step)
    else if (chunk.steps.length === 0) chunk.star = true
    else {
      chunks.push(chunk)
      chunk = { star: true, steps: [] }
    }
  }
  return { chunks: [...chunks, chunk], broken: false }
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

function matchChunks(chunks: Chunk[], name: string[]): boolean {
  const last = chunks.at(-1) as Chunk
  const rest = endOf(chunks.slice(0, -1), name, false)
  if (rest === undefined) return false
  if (last.star && last.steps.length === 0) return !name.includes('/', rest)
  return endOf([last], name, true, rest) === name.length
}

/** Where the name goes on behind the chunks. As in Go each takes the first place that fits and never gives it back: nothing is tried twice. */
function endOf(chunks: Chunk[], name: string[], last: boolean, from = 0): number | undefined {
  let at = from
  for (const chunk of chunks) {
    const found = placeOf(chunk, name, at, last)
    if (found === undefined) return undefined
    at = found + chunk.steps.length
  }
  return at
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
