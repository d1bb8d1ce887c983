import { SourceError } from '../../errors.ts'
import type { Dockerfile, DockerInstruction, DockerStage } from '../dockerfile/parse-dockerfile.ts'

/**
 * The first port that the final stage exposes, by itself or through the stages it is built from. What the base image exposes doesn't
 * count: the platform reads the Dockerfile (`no EXPOSE directive found in Dockerfile, abort deployment`).
 */
export function exposedPort(
  dockerfile: Dockerfile,
  onWarning: (sentence: string) => void,
): number | undefined {
  const exposes = exposesOf(dockerfile.stages.at(-1))
  const words = exposes.flatMap((expose) => expose.words.map((word) => ({ ...word, line: expose.line })))
  if (words.length === 0) throw noPort('Dockerfile: the final stage has no EXPOSE')
  const known = words.flatMap(({ value, written, line }) => {
    const port = value === undefined ? undefined : portOf(value)
    if (value !== undefined && port === undefined)
      throw noPort(`Dockerfile:${line}: EXPOSE ${written} names no TCP port`)
    return port === undefined ? [] : [port]
  })
  const [first] = known
  if (first === undefined) {
    const { line, written } = words[0] as (typeof words)[number]
    onWarning(`Dockerfile:${line}: the value of EXPOSE ${written} isn't known before the image is built.`)
  } else if (new Set(known).size > 1) {
    const line = (words[0] as (typeof words)[number]).line
    onWarning(`Dockerfile:${line}: several ports are exposed, and Beanstalk forwards to one: ${first}.`)
  }
  return first
}

/** Those of the stage itself, or of the nearest stage below it that has some. */
function exposesOf(stage: DockerStage | undefined): DockerInstruction[] {
  if (!stage) return []
  const own = stage.instructions.filter(({ keyword }) => keyword === 'EXPOSE')
  return own.length > 0 ? own : exposesOf(stage.base)
}

/** `8080`, `8080/tcp` and the first of `8080-8090`; not UDP, which no proxy forwards. */
function portOf(word: string): number | undefined {
  const port = Number(/^(\d{1,5})(?:-\d{1,5})?(?:\/tcp)?$/i.exec(word)?.[1])
  return port >= 1 && port <= 65_535 ? port : undefined
}

function noPort(message: string): SourceError {
  return new SourceError(message, {
    code: 'LUC-SOURCE-NO-PORT',
    why: 'Beanstalk must know the port that the application listens on',
    hints: [
      'Add to the end of the Dockerfile: EXPOSE 8080',
      'Put a Dockerrun.aws.json beside it: {"AWSEBDockerrunVersion": "1", "Ports": [{"ContainerPort": 8080}]}',
    ],
  })
}
