/** Compares two keys as S3 lists them: by their UTF-8 bytes, not by UTF-16 units as JavaScript does. */
export const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The index of the first of `sorted` for which `past` holds; `past` must stay true once it is. */
export function firstIndex(sorted: readonly string[], past: (key: string) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (past(sorted[middle] as string)) high = middle
    else low = middle + 1
  }
  return low
}
