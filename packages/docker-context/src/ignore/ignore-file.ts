import { matchFails } from '../file-pattern.ts'
import { IgnoreFileError, readIgnoreLines, type IgnoreLine, type IgnoreRule } from './ignore-lines.ts'
import { IgnorePattern } from './ignore-pattern.ts'
import { IgnoreWalk, type ComparedRule } from './ignore-walk.ts'

/**
 * What an ignore file leaves out of a build context. Paths are relative to the context, with forward slashes and without one at their ends.
 * A call looks at the path and at each of its directories, in time proportional to their length times the rules'; when paths of one directory
 * are asked one after another, the directories are looked at once.
 *
 * Each method throws {@link IgnoreFileError} for a pattern that BuildKit refuses only when it comes to compare it with a path.
 */
export interface IgnoreFile {
  rules: readonly IgnoreRule[]
  /** Whether `COPY . .` sees nothing of a path; of a directory that is left out, what is below may be there. */
  ignores: (path: string) => boolean
  /** The rule that left a path out, the last one if several would; undefined for a path that is kept. */
  ruleFor: (path: string) => IgnoreRule | undefined
  /** Whether everything below a directory is left out, so that it needn't be read. It may say no where yes would be right. */
  prunes: (directory: string) => boolean
}

/**
 * Reads an ignore file as BuildKit of Docker 26.1.5 does (its reader, moby/patternmatcher 0.6.0 with the results of parents, and the walk of
 * fsutil). Throws {@link IgnoreFileError} for a file that BuildKit refuses before it looks at a path.
 */
export function parseIgnoreFile(text: string): IgnoreFile {
  const rules = readIgnoreLines(text).map(compile)
  const walk = new IgnoreWalk(rules)
  return {
    rules: rules.map(({ rule }) => rule),
    ignores: (path) => walk.look(path).culprit !== undefined,
    ruleFor: (path) => walk.ruleFor(path),
    prunes: (directory) => walk.prunes(directory),
  }
}

function compile({ rule, pattern }: IgnoreLine): ComparedRule {
  const refusal = () => new IgnoreFileError(rule, 'syntax error in pattern')
  // The check of moby/patternmatcher, which lets some malformed patterns through.
  if (matchFails(pattern, '.')) throw refusal()
  const compared = new IgnorePattern(pattern)
  return {
    rule,
    pattern: compared,
    matches: (path: string) => {
      try {
        return compared.matches(path)
      } catch (cause) {
        throw Object.assign(refusal(), { cause })
      }
    },
  }
}
