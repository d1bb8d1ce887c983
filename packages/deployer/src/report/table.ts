import type { Style } from './style.ts'

/** Columns under bold headings, two spaces apart; a cell is one line and an empty one shows as a dash. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const cells = rows.map((row) => row.map((cell) => (cell === '' ? '-' : cell)))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ')
  return [style.bold(line(headings).trimEnd()), ...cells.map((row) => line(row).trimEnd())]
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - cell.length))
}
