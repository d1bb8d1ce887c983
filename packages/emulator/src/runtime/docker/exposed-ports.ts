import { DockerfileParser } from 'dockerfile-ast'

/**
 * The engine keeps exposed ports (`8080/tcp`) without order; the platform forwards to the first. The order is that in which the
 * Dockerfile names them, then by number (those of the base image, or of a variable).
 */
export function exposedInOrder(exposed: string[], dockerfile: string): number[] {
  const ports = exposed.filter((port) => !/\/(udp|sctp)$/.test(port)).map((port) => Number.parseInt(port, 10))
  const named = DockerfileParser.parse(dockerfile)
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === 'EXPOSE')
    .flatMap((instruction) =>
      instruction.getArguments().map((argument) => Number.parseInt(argument.getValue(), 10)),
    )
  const place = (port: number) => (named.includes(port) ? named.indexOf(port) : named.length)
  return ports.sort((a, b) => place(a) - place(b) || a - b)
}
