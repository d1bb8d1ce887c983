import gitignore, { type Ignore } from 'ignore'
import { parseGitPattern, type GitPattern } from './git-pattern.ts'
import type { IgnoreRules } from './ignore-rules.ts'

/** `.ebignore` in gitignore's syntax, which is what the EB CLI reads it as. No line keeps it busy for long. */
export function ebRules(file: string, text: string): IgnoreRules {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const ignores = matcherOf(lines)
  const alone = lines.map((line) => once(() => matcherOf([line])))
  return {
    ignores,
    // Below a directory that git leaves out nothing can be kept.
    prunes: (directory) => ignores(`${directory}/`),
    culprit: (path) => {
      if (!ignores(path)) return undefined
      const index = lines.findLastIndex((line, at) => !line.startsWith('!') && alone[at]?.()(path))
      return index < 0 ? undefined : { file, line: index + 1, rule: (lines[index] as string).trim() }
    },
  }
}

/**
 * The library makes an expression of each line, and one of several `/**` between slashes tries all their places together. Such a line is compared here, and
 * handed to the library as patterns of stars only, one for each depth at which it names the path or a parent of it: the library then
 * applies it in its turn among the others.
 */
function matcherOf(lines: string[]): (path: string) => boolean {
  const slow = new Map<number, GitPattern | undefined>()
  for (const [index, line] of lines.entries()) if (isSlow(line)) slow.set(index, parseGitPattern(line))
  const made = new Map<string, Ignore>()
  return (path) => {
    const depths = new Map(
      [...slow].map(([index, pattern]) => [index, pattern ? depthsOf(pattern, path) : []]),
    )
    const key = JSON.stringify([...depths.values()])
    let rules = made.get(key)
    if (!rules) {
      const told = lines.flatMap((line, index) => {
        const mark = slow.get(index)?.negated ? '!' : ''
        return depths.get(index)?.map((depth) => mark + '/*'.repeat(depth)) ?? [line]
      })
      rules = gitignore({ ignorecase: false, allowRelativePaths: true }).add(told)
      made.set(key, rules)
    }
    return rules.ignores(path)
  }
}

/** More than one `/**` between slashes, or more than anybody writes. */
const isSlow = (line: string) => line.length > 1_000 || (line.match(/\/\*{2,}(?=\/)/g) ?? []).length > 1

/** At which depths a line names a path or a parent of it; a path with a slash at its end is a directory. */
function depthsOf(pattern: GitPattern, path: string): number[] {
  const parts = path.replace(/\/$/, '').split('/')
  const isDirectory = (depth: number) => depth < parts.length || path.endsWith('/')
  return parts.flatMap((_, index) => {
    const depth = index + 1
    return pattern.names(parts.slice(0, depth).join('/'), isDirectory(depth)) ? [depth] : []
  })
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
