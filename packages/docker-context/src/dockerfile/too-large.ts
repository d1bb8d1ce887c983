/** A word that is nested deeper, or grows longer, than anybody means: it counts as unknown. */
export class TooLarge extends Error {}

/** In UTF-16 code units. No program starts with a variable of a tenth of it, and a few lines that double one could make gigabytes. */
const LONGEST = 4 * 1024 * 1024

/** Throws {@link TooLarge} for a text that has grown so long. */
export function refuseTooLarge(length: number): void {
  if (length > LONGEST) throw new TooLarge()
}
