import { parseDockerfile } from '../../bundle/dockerfile/parse-dockerfile.ts'
import { isSecretName } from '../../config/secret-name.ts'
import type { ProjectSettings } from '../../config/project-schema.ts'

/** What a Dockerfile tells of the application that it makes. */
export interface DockerfileFacts {
  /** Variables that it names without a value: someone has to give them one. */
  env: NonNullable<ProjectSettings['env']>
  /** Path that its HEALTHCHECK asks on this machine. */
  healthCheck: string | undefined
}

/** Reads the last stage: the one that runs. */
export function readDockerfile(text: string): DockerfileFacts {
  const instructions = parseDockerfile(text).stages.at(-1)?.instructions ?? []
  const argumentsOf = (keyword: string) =>
    instructions
      .filter((instruction) => instruction.keyword === keyword)
      .map(({ words }) => words.map(({ written }) => written))
  const empty = argumentsOf('ENV')
    .flat()
    .flatMap((word) => /^([A-Za-z_]\w*)=(?:""|'')?$/.exec(word)?.[1] ?? [])
  return {
    env: Object.fromEntries(
      empty.map((name) => [name, { ...(isSecretName(name) ? { secret: true } : {}), required: true }]),
    ),
    healthCheck: healthPath(argumentsOf('HEALTHCHECK').at(-1)?.join(' ') ?? ''),
  }
}

function healthPath(check: string): string | undefined {
  return /https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(\/[\w./~-]+)/.exec(check)?.[1]
}
