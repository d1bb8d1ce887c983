import { IgnoreFileError, ignoreFileNames, parseIgnoreFile } from '@lucree/docker-context'
import { SourceError } from '../../errors.ts'
import { noRules, type IgnoreRules } from './ignore-rules.ts'

/** What `docker build` leaves out of a build. */
export interface DockerIgnore extends IgnoreRules {
  /** The ignore file that docker reads; of a source without one, the name under which docker would look for it. */
  file: string
}

/**
 * The rules that docker builds with, of the one ignore file that it reads: BuildKit prefers the file that bears the Dockerfile's name.
 * @param textOf gives the text of a file at the root, undefined when there is none.
 * @throws SourceError naming the line that docker would refuse.
 */
export function readDockerIgnore(textOf: (name: string) => string | undefined): DockerIgnore {
  const names = ignoreFileNames()
  for (const file of names) {
    const text = textOf(file)
    if (text !== undefined) return { file, ...dockerRules(file, text) }
  }
  return { file: names.at(-1) as string, ...noRules }
}

/** The rules of an ignore file as BuildKit reads them. Throws SourceError where BuildKit would refuse a line, which it may find out only at a path. */
function dockerRules(file: string, text: string): IgnoreRules {
  const inLine = <T>(look: () => T): T => {
    try {
      return look()
    } catch (error) {
      throw error instanceof IgnoreFileError ? refused(file, error) : error
    }
  }
  const rules = inLine(() => parseIgnoreFile(text))
  return {
    ignores: (path) => inLine(() => rules.ignores(path)),
    prunes: (directory) => inLine(() => rules.prunes(directory)),
    culprit: (path) => {
      const rule = inLine(() => rules.ruleFor(path))
      return rule && { file, line: rule.line, rule: rule.text }
    },
  }
}

function refused(file: string, error: IgnoreFileError): SourceError {
  const { line, text, message } = error
  return new SourceError(`${file}:${line}: ${text} is not a pattern that docker understands`, {
    code: 'LUC-SOURCE-IGNORE-FILE',
    why: `docker says: ${message}`,
    hints: [
      /[^ -~]/.test(text) && message.startsWith('header')
        ? `Take the tab or other control character out of line ${line} of ${file}. A comment needs a line of its own that begins with #.`
        : `Mend line ${line} of ${file}.`,
    ],
    cause: error,
  })
}
