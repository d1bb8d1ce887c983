import { ignoreFileNames } from '@lucree/docker-context'
import { dockerRules, noRules, type IgnoreRules } from './ignore-rules.ts'

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
