import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const variable = 'LUCREE_TEST_RUN'

/** Put into a lane's environment: whatever its tests start inherits it, daemons too. */
export const marking = (lane) => ({ [variable]: `${process.pid}-${lane}` })

/** Processes of this machine that a lane started. Only Linux tells; elsewhere the answer is empty. */
function startedBy(lane) {
  if (!existsSync('/proc/self/environ')) return []
  const mark = `${variable}=${marking(lane)[variable]}`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(pid, 'environ').split('\0').includes(mark))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
}

/** A file of a process, or nothing when the process is gone or somebody else's. */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return ''
    throw error
  }
}

/** Gives what a lane started two seconds to end, ends the rest and answers their commands. */
export async function endLeftovers(lane) {
  for (let turn = 0; turn < 20 && startedBy(lane).length > 0; turn += 1) await delay(100)
  const left = startedBy(lane)
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
  return left.map(({ command }) => command)
}
