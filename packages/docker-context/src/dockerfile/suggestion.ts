/** The nearest of the known names when it is at most two edits away: ` (did you mean RUN?)`; else empty. */
export function suggestion(written: string, known: readonly string[], caseCounts: boolean): string {
  const fold = (text: string) => (caseCounts ? text : text.toLowerCase())
  const asked = fold(written)
  let nearest: string | undefined
  let least = 3
  for (const name of known) {
    if (Math.abs(name.length - asked.length) >= least) continue
    const edits = distance(asked, fold(name))
    if (edits === 0) return ''
    if (edits < least) [nearest, least] = [name, edits]
  }
  if (nearest === undefined) return ''
  return ` (did you mean ${caseCounts ? nearest : inCaseOf(written, nearest.toLowerCase())}?)`
}

function inCaseOf(written: string, name: string): string {
  return written === written.toUpperCase() && written !== written.toLowerCase() ? name.toUpperCase() : name
}

/** Levenshtein's, with one row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
