import { nodeMajorOf } from '@lucree/docker-context'
import { BuildFailed } from '../runtime.ts'

export function refuseBase(image: string): BuildFailed {
  return new BuildFailed(
    'build',
    `The process runtime only follows Node images and can't build FROM ${image}. Start a container engine (Docker or Podman) and use --runtime docker.`,
  )
}

/** One line when the application will run on another Node than its Dockerfile asks for. */
export function versionWarning(image: string, hostVersion: string): string | undefined {
  const asked = nodeMajorOf(image)
  if (asked === undefined || asked === Number.parseInt(hostVersion.replace(/^v/, ''), 10)) return undefined
  return `[WARNING] The Dockerfile asks for Node ${asked} (${image}); the process runtime runs it on this machine's Node ${hostVersion}.`
}
