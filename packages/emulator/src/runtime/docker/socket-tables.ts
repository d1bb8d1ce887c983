import { readFile } from 'node:fs/promises'

/**
 * The kernel's tables of TCP sockets as a container sees them, read from this machine's /proc; undefined when the engine runs elsewhere (in a virtual
 * machine of its own, where another process has that number). Asking inside of the container would do too, but Podman keeps a process for five minutes for each such question.
 */
export async function socketTables(containerId: string, pid: number): Promise<string | undefined> {
  try {
    const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8')
    if (!cgroup.includes(containerId)) return undefined
    const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8'))
    return (await Promise.all(tables)).join('\n')
  } catch {
    // No such process, or not to be looked at, or not Linux: then the container is asked.
    return undefined
  }
}
