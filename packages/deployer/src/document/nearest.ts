import { closest, distance } from 'fastest-levenshtein'

/** The known name that a mistyped one most likely stands for; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const lower = name.toLowerCase()
  const found = closest(
    lower,
    known.map((candidate) => candidate.toLowerCase()),
  )
  const near = distance(lower, found) <= Math.max(1, Math.floor(name.length / 2.5))
  return near ? known.find((candidate) => candidate.toLowerCase() === found) : undefined
}
