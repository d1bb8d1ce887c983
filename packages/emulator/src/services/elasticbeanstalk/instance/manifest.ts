import { readdir } from 'node:fs/promises'
import { readContextFile } from '../../../runtime/context-file.ts'
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
  if (hasDockerfile) await refuseUnreadable(sourceDir)
  if (!names.has('Dockerrun.aws.json')) {
    if (!hasDockerfile) throw failures.missingFiles()
    return { source: 'dockerfile', dockerrun: none }
  }
  const dockerrun = await readDockerrun(sourceDir)
  if (hasDockerfile) return { source: 'dockerfile', dockerrun }
  if (dockerrun.image === undefined) throw failures.missingFiles()
  if (dockerrun.ports.length === 0)
    throw failures.badDockerrun('Dockerrun.aws.json with an Image needs Ports,')
  if (dockerrun.hasAuthentication || isPrivateRegistry(dockerrun.image))
    throw failures.registryAuthentication()
  return { source: 'image', image: dockerrun.image, dockerrun }
}

/** In the builder's words: which file it reads is found out here, so that none of this machine can be named in its place. */
async function refuseUnreadable(sourceDir: string): Promise<void> {
  const { kind } = await readContextFile(sourceDir, 'Dockerfile')
  if (kind === 'file') return
  const problem = {
    directory: 'read Dockerfile: is a directory',
    missing: 'open Dockerfile: no such file or directory',
    loop: 'too many links',
  }[kind]
  throw failures.build(`failed to solve: failed to read dockerfile: ${problem}`)
}

async function readDockerrun(sourceDir: string): Promise<Dockerrun> {
  const found = await readContextFile(sourceDir, 'Dockerrun.aws.json')
  try {
    return parseDockerrun(found.kind === 'file' ? found.text : '')
  } catch (cause) {
    throw failures.badDockerrun((cause as Error).message, { cause })
  }
}

function isPrivateRegistry(image: string): boolean {
  return /^\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com/.test(image)
}
