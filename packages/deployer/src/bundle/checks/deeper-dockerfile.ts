import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { SourceError } from '../../errors.ts'
import { readBuild } from '../dockerfile/read-build.ts'
import { BuildContext } from './build-context.ts'
import type { CheckedSource } from './checked-source.ts'
import { contextCopies, contextOf } from './context-copies.ts'

/**
 * What makes the Dockerfile of a directory below the source deployable. Docker builds with the directory of the source as context: where the
 * Dockerfile copies what lies in its own directory, that is the source; where it is written for `docker build -f`, it must move up.
 */
export function mendOfDeeper(directory: string, source: CheckedSource): string {
  const text = source.textOf(`${directory}/Dockerfile`) ?? ''
  const below = source.entries
    .filter(({ path }) => path.startsWith(`${directory}/`))
    .map((entry) => ({ ...entry, path: entry.path.slice(directory.length + 1) }))
  return absentIn(text, contextOf(source)) < absentIn(text, new BuildContext(below))
    ? `cp ${directory}/Dockerfile .   # its COPY lines name paths from this directory, so docker must build here`
    : `In lucree.json: "source": "${directory}"`
}

/** How many sources of a Dockerfile a context lacks. */
function absentIn(text: string, context: BuildContext): number {
  try {
    const copies = contextCopies(readBuild(text).plan, context)
    const found = copies.flatMap(({ sources }) =>
      sources.map((source) => {
        if (source.kind === 'path') return source.found.isThere
        return source.kind === 'elsewhere' || source.matches.length > 0
      }),
    )
    return found.filter((isThere) => !isThere).length
  } catch (error) {
    if (error instanceof SourceError) return 0
    throw error
  }
}

/**
 * What to do where a path that a Dockerfile copies is in a directory above its source, in the same checkout; undefined where it isn't.
 * Nobody's source is a home directory or what holds it, whatever lies there under the same name.
 */
export function mendOfHigher(source: string, path: string): string | undefined {
  for (let directory = source; !existsSync(join(directory, '.git'));) {
    directory = dirname(directory)
    if (isAtOrAbove(directory, homedir()) || directory === dirname(directory)) return undefined
    if (existsSync(join(directory, path))) {
      return `It is in ${directory}: copy the Dockerfile there (cp ${relative(directory, source)}/Dockerfile .) and deploy that directory ("source" in lucree.json).`
    }
  }
  return undefined
}

function isAtOrAbove(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`)
}
