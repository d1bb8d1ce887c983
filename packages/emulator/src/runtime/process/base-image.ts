import { BuildFailed } from '../runtime.ts'

/** Whether an image's name says that it is Node's: `node:24-slim`, `public.ecr.aws/docker/library/node`. */
export function isNodeImage(image: string): boolean {
  const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '')
  return name === 'node' || name.endsWith('/node')
}

/** The major version that a Node image's tag names; undefined for `lts`, `latest` and the like. */
export function nodeMajorOf(image: string): number | undefined {
  const major = /:v?(\d+)(?:[.-]|$)/.exec(image.replace(/@.*$/, ''))?.[1]
  return major === undefined ? undefined : Number(major)
}

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
