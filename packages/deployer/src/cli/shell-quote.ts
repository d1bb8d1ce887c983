/** One word of a POSIX shell, whatever it holds; plain where no quotes are needed. */
export function shellQuote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
