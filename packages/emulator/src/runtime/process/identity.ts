import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What tells a process from a later one with the same number: its start time. On Linux the clock ticks since the start of the
 * machine and that start's own id, elsewhere what `ps` tells in seconds. Undefined when there is no such process, or it has ended
 * and only waits to be reaped.
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxStartTime(pid)
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    })
    const [state = 'Z', ...date] = stdout.trim().split(/\s+/)
    return state.startsWith('Z') ? undefined : String(Date.parse(date.join(' ')) / 1000)
  } catch (error) {
    // `ps` ends with 1 when it knows no such process.
    if ((error as { code?: unknown }).code === 1) return undefined
    throw error
  }
}

async function linuxStartTime(pid: number): Promise<string | undefined> {
  const stat = await readIfPresent(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The program's name stands in parentheses and may hold anything; the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  const boot = (await readIfPresent('/proc/sys/kernel/random/boot_id')) ?? ''
  return `${fields[19] ?? ''}.${boot.slice(0, 8)}`
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

/** `<pid>:<start time>`; undefined when the process is gone. */
export async function identify(pid: number): Promise<string | undefined> {
  const started = await startTimeOf(pid)
  return started === undefined ? undefined : `${pid}:${started}`
}

/** The number of an identified process, when it is still that process that runs; a recycled number is never answered. */
export async function alive(id: string): Promise<number | undefined> {
  const pid = Number.parseInt(id, 10)
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  return (await identify(pid)) === id ? pid : undefined
}
