import dockerignore from '@balena/dockerignore'
import { posix } from 'node:path'
import gitignore from 'ignore'
import { SourceError } from '../../errors.ts'

/** The rule that leaves a path out. */
export interface Culprit {
  /** Name of the ignore file, such as `.dockerignore`. */
  file: string
  /** Line in that file, from 1. */
  line: number
  /** The line itself. */
  rule: string
}

/** The rules of one ignore file, in its own syntax. */
export interface IgnoreRules {
  ignores: (path: string) => boolean
  /** Whether nothing below a directory can be kept, so that it needn't be read. */
  prunes: (directory: string) => boolean
  culprit: (path: string) => Culprit | undefined
}

/** Rules of a file that isn't there. */
export const noRules: IgnoreRules = { ignores: () => false, prunes: () => false, culprit: () => undefined }

/**
 * `.dockerignore` as docker reads it: paths from the root, `**` for any number of directories, the last rule that matches a path or one
 * of its parents decides, upper and lower case differ.
 */
export function dockerRules(file: string, text: string): IgnoreRules {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const rules = dockerMatcher(file, lines)
  const kept = lines.map((line) => line.trim()).filter((line) => line.startsWith('!'))
  const ignores = (path: string) => rules.ignores(path)
  return {
    ignores,
    prunes: (directory) => ignores(directory) && !kept.some((rule) => mayKeepBelow(directory, rule)),
    culprit: (path) =>
      ignores(path) ? lastThat(file, lines, (line) => dockerMatcher(file, [line]).ignores(path)) : undefined,
  }
}

/** `.ebignore` in gitignore's syntax, which is what the EB CLI reads it as. */
export function ebRules(file: string, text: string): IgnoreRules {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const rules = gitignore().add(lines)
  return {
    ignores: (path) => rules.ignores(path),
    // Below a directory that git leaves out nothing can be kept.
    prunes: (directory) => rules.ignores(`${directory}/`),
    culprit: (path) =>
      rules.ignores(path) ? lastThat(file, lines, (line) => gitignore().add(line).ignores(path)) : undefined,
  }
}

/** A test for one pattern of docker's, which also holds for everything below a directory that it matches. */
export function dockerPattern(pattern: string): (path: string) => boolean {
  const rules = dockerMatcher('pattern', [`./${pattern}`])
  return (path) => rules.ignores(path)
}

function dockerMatcher(file: string, lines: string[]) {
  const rules = dockerignore.default({ ignorecase: false })
  lines.forEach((line, index) => {
    try {
      if (line.trim() === '!') throw new Error('an exclamation mark needs a pattern behind it')
      rules.add([literally(line)])
      rules.ignores('.lucree-compiles-the-rule')
    } catch (error) {
      throw new SourceError(`${file}:${index + 1}: ${line.trim()} is not a pattern that docker understands`, {
        code: 'LUC-SOURCE-IGNORE-FILE',
        why: error instanceof Error ? error.message : String(error),
        hints: [`Mend line ${index + 1} of ${file}.`],
        cause: error,
      })
    }
  })
  return rules
}

/** Escapes what means something to a regular expression and nothing to docker, outside of `[…]`. */
function literally(line: string): string {
  let inClass = false
  return line.replace(/\\.|[[\](){}+|^]/g, (found) => {
    if (found === '[') inClass = true
    if (found === ']') inClass = false
    return found.length > 1 || inClass || found === ']' || found === '[' ? found : `\\${found}`
  })
}

/** Whether a negation can match something below a directory: its literal beginning lies there, or it holds a wildcard before. */
function mayKeepBelow(directory: string, rule: string): boolean {
  const pattern = posix.normalize(rule.slice(1).trim()).replace(/^\/+|\/+$/g, '')
  const literal = pattern.split(/[*?[\\]/)[0] ?? ''
  const wild = literal.length < pattern.length
  return `${pattern}/`.startsWith(`${directory}/`) || (wild && `${directory}/`.startsWith(literal))
}

function lastThat(file: string, lines: string[], matches: (line: string) => boolean): Culprit | undefined {
  const index = lines.findLastIndex((line) => !line.trim().startsWith('!') && matches(line))
  return index < 0 ? undefined : { file, line: index + 1, rule: (lines[index] as string).trim() }
}
