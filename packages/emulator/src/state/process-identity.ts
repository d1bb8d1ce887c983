import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Names one process for good: a pid alone is given to another process later. */
export interface ProcessIdentity {
  pid: number
  /** In the words of the operating system; compared, never read. */
  startedAt: string
}

const run = promisify(execFile)

/** The identity of a living process, `undefined` when no process has that pid or only its remains (a zombie) do. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (!exists(pid)) return undefined
  const startedAt = process.platform === 'linux' ? await startTicks(pid) : await startDate(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

/** Tells whether that very process is still there. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startedAt === startedAt
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    // EPERM: it is there and belongs to another user
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Field 22 of /proc/<pid>/stat, ticks since boot; field 2 may hold spaces and parentheses. */
async function startTicks(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state] = fields
    return state === 'Z' || state === 'X' ? undefined : fields[19]
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw cause
  }
}

async function startDate(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 5_000 })
    return stdout.trim() || undefined
  } catch (cause) {
    // ps ends with 1 when there is no such process
    if ((cause as { code?: unknown }).code === 1) return undefined
    throw cause
  }
}
