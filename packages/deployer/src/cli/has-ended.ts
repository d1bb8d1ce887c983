import { hostname } from 'node:os'

/** Whether a process ran on this machine and doesn't any more. Another machine's, or one that isn't ours to signal, is taken to run. */
export function hasEnded({ host, pid }: { host: string; pid: number }): boolean {
  if (host !== hostname()) return false
  try {
    // Signal 0 is only asked whether it could be sent.
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
