import type { BuildPlan, PlannedInstruction, PlannedStage } from '@lucree/docker-context'
import { SourceError } from '../../errors.ts'
import type { Warn } from './checked-source.ts'

/**
 * The first TCP port that the final stage exposes, by itself or through the stages it is built from. What the base image exposes doesn't
 * count: the platform reads the Dockerfile (`no EXPOSE directive found in Dockerfile, abort deployment`).
 */
export function exposedPort({ final }: BuildPlan, warn: Warn): number | undefined {
  const exposes = exposesOf(final)
  const [first] = exposes
  if (!first) throw noPort('Dockerfile: the final stage has no EXPOSE')
  const ports = exposes.flatMap((expose) => expose.ports)
  const tcp = ports.flatMap((port) => /^([1-9]\d*)\/tcp$/.exec(port)?.[1] ?? []).map(Number)
  const [port] = tcp
  const { line } = first
  const written = first.instruction.args.trim()
  if (port === undefined) {
    const isKnown = exposes.every(({ words }) => words.every(({ value }) => value !== undefined))
    if (isKnown) throw noPort(`Dockerfile:${line}: EXPOSE ${written} names no TCP port`)
    warn(`Dockerfile:${line}: the value of EXPOSE ${written} isn't known before the image is built.`)
  } else if (!ports[0]?.endsWith('/tcp')) {
    warn(
      `Dockerfile:${line}: ${ports[0]} is exposed first, but Beanstalk forwards to the first TCP port: ${port}.`,
    )
  } else if (new Set(tcp).size > 1 && !isRange(exposes)) {
    warn(`Dockerfile:${line}: several ports are exposed, and Beanstalk forwards to one: ${port}.`)
  }
  return port
}

/** Whoever writes one range knows that there are several. */
function isRange([only, ...others]: readonly PlannedInstruction[]): boolean {
  return others.length === 0 && only?.words.length === 1
}

/** Those of the stage itself, or of the nearest stage below it that has some. */
function exposesOf(stage: PlannedStage | undefined): PlannedInstruction[] {
  if (!stage) return []
  const own = stage.instructions.filter(({ keyword }) => keyword === 'EXPOSE')
  return own.length > 0 ? own : exposesOf(stage.base)
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
