/** Header lines as they were sent: names in the case that they had, one entry a line. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

/** Of a message's `rawHeaders`, in which names and values take turns. */
export function headerLines(raw: readonly string[]): HeaderLines {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!] as const)
}

/** The values of all lines of that name; give it in lower case. */
export function valuesOf(lines: HeaderLines, name: string): string[] {
  return lines.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value)
}

/** Bytes of a header's line with its end. Blanks before and after a value aren't known any more. */
export const lineBytes = ([name, value]: readonly [string, string]): number => name.length + value.length + 4
