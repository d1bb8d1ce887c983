import { DockerfileError, parseDockerfile, planBuild, type PlannedStage } from '@lucree/docker-context'

/**
 * The engine keeps exposed ports (`8080/tcp`) without order; the platform forwards to the first. The order is that in which the
 * Dockerfile names them, then by number (those of the base image, or of a variable that isn't known). UDP isn't forwarded.
 */
export function exposedInOrder(exposed: string[], dockerfile: string): number[] {
  const named = portsOf(dockerfile)
  const place = (port: string) => (named.includes(port) ? named.indexOf(port) : named.length)
  return exposed
    .filter((port) => !/\/(udp|sctp)$/.test(port))
    .map((port) => ({ place: place(port), number: Number.parseInt(port, 10) }))
    .sort((a, b) => a.place - b.place || a.number - b.number)
    .map(({ number }) => number)
}

function portsOf(dockerfile: string): string[] {
  try {
    const { final } = planBuild(parseDockerfile(dockerfile))
    const chain: PlannedStage[] = []
    for (let stage: PlannedStage | undefined = final; stage; stage = stage.base) chain.unshift(stage)
    return chain.flatMap(({ instructions }) => instructions.flatMap(({ ports }) => ports))
  } catch (error) {
    // The engine has built it, with a frontend that may be newer.
    if (error instanceof DockerfileError) return []
    throw error
  }
}
