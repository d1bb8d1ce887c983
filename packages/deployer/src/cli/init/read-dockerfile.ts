import { DockerfileError, type Instruction, parseDockerfile } from '@lucree/docker-context'
import { isSecretName } from '../../config/secret-name.ts'
import type { ProjectSettings } from '../../config/project-schema.ts'

/** What a Dockerfile tells of the application that it makes. */
export interface DockerfileFacts {
  /** Variables that it names without a value: someone has to give them one. */
  env: NonNullable<ProjectSettings['env']>
  /** Path that its HEALTHCHECK asks on this machine. */
  healthCheck: string | undefined
}

/** Reads the last stage: the one that runs. A Dockerfile that docker would refuse tells nothing; a deploy says why. */
export function readDockerfile(text: string): DockerfileFacts {
  const instructions = lastStage(text)
  const wordsOf = (keyword: string) =>
    instructions.filter((instruction) => instruction.keyword === keyword).map(({ words }) => words)
  const empty = wordsOf('ENV')
    .flatMap((words) => words.filter((_, at) => at % 2 === 0 && /^(""|'')?$/.test(words[at + 1] ?? '')))
    .filter((name) => /^[A-Za-z_]\w*$/.test(name))
  return {
    env: Object.fromEntries(
      empty.map((name) => [name, { ...(isSecretName(name) ? { secret: true } : {}), required: true }]),
    ),
    healthCheck: healthPath(wordsOf('HEALTHCHECK').at(-1)?.join(' ') ?? ''),
  }
}

function lastStage(text: string): readonly Instruction[] {
  try {
    const { instructions } = parseDockerfile(text)
    return instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM') + 1)
  } catch (error) {
    if (error instanceof DockerfileError) return []
    throw error
  }
}

function healthPath(check: string): string | undefined {
  return /https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(\/[\w./~-]+)/.exec(check)?.[1]
}
