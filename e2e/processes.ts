import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MOST_BYTES = 1 << 26

/** Command lines of all processes of this machine. */
export async function processList(): Promise<string> {
  return (await run('ps', ['-eo', 'pid,args'], { maxBuffer: MOST_BYTES })).stdout
}

/**
 * Command lines of the processes that work below a directory, the embedded Beanstalk's own left out. An application's arguments say nothing of where
 * it is from (`node server.js`); its working directory does.
 */
export async function applicationsBelow(dir: string): Promise<string[]> {
  const below = process.platform === 'linux' ? await fromProc(dir) : await fromLsof(dir)
  return below.filter((command) => !/main\.js --dir/.test(command))
}

async function fromProc(dir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const at = await readlink(`/proc/${pid}/cwd`)
        if (!at.startsWith(`${dir}/`)) return []
        const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
        return [`${pid} ${command.split('\0').join(' ').trim()}`]
      } catch {
        // it has ended meanwhile, or is somebody else's
        return []
      }
    }),
  )
  return found.flat()
}

/** Where there is no /proc: `p<pid>`, `c<command>` and `n<directory>` of each process, a line each. */
async function fromLsof(dir: string): Promise<string[]> {
  const { stdout } = await run('lsof', ['-d', 'cwd', '-F', 'pcn'], { maxBuffer: MOST_BYTES })
  const found: string[] = []
  let pid = ''
  for (const line of stdout.split('\n')) {
    if (line.startsWith('p')) pid = line.slice(1)
    if (line.startsWith(`n${dir}/`)) {
      found.push((await run('ps', ['-o', 'pid=,args=', '-p', pid])).stdout.trim())
    }
  }
  return found
}
