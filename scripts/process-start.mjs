import { readFileSync } from 'node:fs'

/** When a process began, in the kernel's ticks: a process id that was given to somebody else meanwhile is left alone. Undefined when there is none. */
export function beganAt(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined
    throw error
  }
}
