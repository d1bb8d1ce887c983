import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failures } from './failure.ts'
import { parseDockerrun, type Dockerrun } from './dockerrun.ts'

/** What a bundle tells the platform to do. */
export type Manifest = { dockerrun: Dockerrun } & (
  { source: 'dockerfile' } | { source: 'image'; image: string }
)

const none: Dockerrun = { update: true, ports: [], volumes: [], hasAuthentication: false }

/** Reads an unpacked bundle as the platform does: docker-compose.yml wins, then Dockerfile, then Dockerrun's image. Throws {@link InstanceFailure}. */
export async function readManifest(sourceDir: string): Promise<Manifest> {
  const names = new Set(await readdir(sourceDir))
  if (names.has('docker-compose.yml')) throw failures.composeNotEmulated()
  const hasDockerfile = names.has('Dockerfile')
  if (!names.has('Dockerrun.aws.json')) {
    if (!hasDockerfile) throw failures.missingFiles()
    return { source: 'dockerfile', dockerrun: none }
  }
  const dockerrun = await readDockerrun(join(sourceDir, 'Dockerrun.aws.json'))
  if (hasDockerfile) return { source: 'dockerfile', dockerrun }
  if (dockerrun.image === undefined) throw failures.missingFiles()
  if (dockerrun.ports.length === 0)
    throw failures.badDockerrun('Dockerrun.aws.json with an Image needs Ports,')
  if (dockerrun.hasAuthentication || isPrivateRegistry(dockerrun.image))
    throw failures.registryAuthentication()
  return { source: 'image', image: dockerrun.image, dockerrun }
}

async function readDockerrun(path: string): Promise<Dockerrun> {
  const text = await readFile(path, 'utf8')
  try {
    return parseDockerrun(text)
  } catch (cause) {
    throw failures.badDockerrun((cause as Error).message, { cause })
  }
}

function isPrivateRegistry(image: string): boolean {
  return /^\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com/.test(image)
}
