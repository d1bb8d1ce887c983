import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { instanceDirectories } from '../instance/directories.ts'

export interface LogFile {
  /** On this machine. */
  path: string
  /** On the instance: `/var/log/…`. */
  name: string
}

/** Every log that an instance has, by directory; within one the newest file is the last, so a new container's output follows an old one's. */
export async function logFilesOf(instancesDir: string, instanceId: string): Promise<LogFile[]> {
  const { logs } = instanceDirectories(instancesDir, instanceId)
  const entries = await readdir(logs, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const dated = await Promise.all(
    files.map(async (path) => ({ path, bornAt: (await stat(path)).birthtimeMs })),
  )
  return dated
    .sort((one, other) => byText(dirname(one.path), dirname(other.path)) || one.bornAt - other.bornAt)
    .map(({ path }) => ({ path, name: `/var/log${path.slice(logs.length).replaceAll('\\', '/')}` }))
}

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
