/** Variables that are known at a place of a Dockerfile. An undefined value is one that only the base image knows. */
export type Scope = Map<string, { from: 'ARG' | 'ENV'; value: string | undefined }>

/**
 * Puts variables in as docker does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+instead}`, and `\$` for a dollar.
 * @returns undefined when a variable is needed whose value isn't known.
 */
export function expand(text: string, scope: Scope): string | undefined {
  let unknown = false
  const given = text.replace(
    /\\([\s\S])|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])((?:[^{}]|\$\{[^{}]*\})*))?\})/g,
    (whole, escaped: string | undefined, plain: string, braced: string, operator: string, word: string) => {
      if (escaped !== undefined) return escaped === '$' ? '$' : whole
      const value = scope.get(plain ?? braced)?.value
      const other = () => expand(word, scope)
      const found = operator === '-' ? value || other() : operator === '+' ? (value ? other() : '') : value
      if (found === undefined) unknown = true
      return found ?? ''
    },
  )
  return unknown ? undefined : unquoted(given)
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text
}
