import type { Clues } from '../clues.ts'

/** The instance in a sentence: `a t3.micro (1024 MiB)`. */
export function instanceOf({ instance: { type, memoryMiB } }: Clues): string {
  const size = memoryMiB ? ` (${memoryMiB} MiB)` : ''
  return type ? `a ${type}${size}` : `the instance${size}`
}
