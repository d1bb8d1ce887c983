/** Whether a text that was read as UTF-8 is in UTF-16, as PowerShell's `>` writes it: each ASCII letter has a zero byte beside it. */
export function isUtf16(text: string): boolean {
  const start = text.slice(0, 400)
  const zeros = start.split('\0').length - 1
  return zeros > start.length / 3
}
