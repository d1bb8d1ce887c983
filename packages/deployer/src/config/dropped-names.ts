/** What a shell takes for a variable's name: dash and BusyBox's ash leave every other one out of the environment of what they start. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Names that Beanstalk and docker carry and a shell drops: `a.b`, `my-var`. */
export function droppedNames(names: Iterable<string>): string[] {
  return [...names].filter((name) => !IDENTIFIER.test(name))
}

/** `shell` says what the application starts through. One sentence without a full stop. */
export function tellDropped(names: string[], shell: string): string {
  const [first = ''] = names
  const better = first.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_')
  return `${names.join(' and ')} will not reach the application: a shell starts it (${shell}), and a shell drops names with other characters than letters, digits and _; ${better} would arrive`
}
