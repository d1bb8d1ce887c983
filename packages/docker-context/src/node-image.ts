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
