import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where an instance has what a real one has at the same paths. */
export interface InstanceDirectories {
  root: string
  /** The bundle while it is deployed. */
  staging: string
  /** The bundle that runs. */
  current: string
  /** `/var/log`. */
  logs: string
  engineLog: string
  accessLog: string
  errorLog: string
  /** What containers print, one file each. */
  containerLogs: string
}

export function instanceDirectories(instancesDir: string, instanceId: string): InstanceDirectories {
  const root = join(instancesDir, instanceId)
  const logs = join(root, 'var', 'log')
  return {
    root,
    staging: join(root, 'var', 'app', 'staging'),
    current: join(root, 'var', 'app', 'current'),
    logs,
    engineLog: join(logs, 'eb-engine.log'),
    accessLog: join(logs, 'nginx', 'access.log'),
    errorLog: join(logs, 'nginx', 'error.log'),
    containerLogs: join(logs, 'eb-docker', 'containers', 'eb-current-app'),
  }
}

export async function makeInstanceDirectories(directories: InstanceDirectories): Promise<void> {
  const needed = [
    join(directories.root, 'var', 'app'),
    join(directories.logs, 'nginx'),
    directories.containerLogs,
  ]
  for (const path of needed) await mkdir(path, { recursive: true, mode: 0o700 })
}
