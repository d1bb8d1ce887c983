/** Whether a source of COPY is a pattern, in the syntax of Go's filepath.Match. */
export const isPattern = (text: string): boolean => /[*?[\\]/.test(text)

/** A pattern of COPY as a regular expression: `*` and `?` don't cross a slash, `[a-z]` is a class, `\` makes the next character plain. */
export function patternToRegExp(pattern: string): RegExp {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    if (char === '*') source += '[^/]*'
    else if (char === '?') source += '[^/]'
    else if (char === '[' && pattern.indexOf(']', i + 2) > 0) {
      const end = pattern.indexOf(']', i + 2)
      source += `[${pattern.slice(i + 1, end).replace(/[\\\]]/g, '\\$&')}]`
      i = end
    } else {
      const plain = char === '\\' && i + 1 < pattern.length ? pattern.charAt(++i) : char
      source += plain.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    }
  }
  return new RegExp(`^${source}$`)
}
