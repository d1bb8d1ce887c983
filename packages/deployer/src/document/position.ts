/** A place in a text, both counted from 1 as editors do. */
export interface Position {
  line: number
  column: number
}

/** @param offset in UTF-16 code units from the text's beginning. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** The line of a place, and a caret below it. */
export function excerpt(text: string, { line, column }: Position): string[] {
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '')
  const gutter = `${line} | `
  // Long lines are cut around the place; a tab stays one, so that the caret stays below it.
  const from = Math.max(0, column - 61)
  const shown = source.slice(from, from + 100)
  const indent = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
  return [`${gutter}${shown}`, `${' '.repeat(gutter.length - 2)}| ${indent}^`]
}
