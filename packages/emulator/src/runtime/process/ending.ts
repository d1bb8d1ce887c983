import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { processesOf, readRecord } from './container.ts'
import { alive, identify } from './identity.ts'
import { signalGroup } from './process-group.ts'

/** How long the looks at a process that is asked to end lie apart, in milliseconds. */
const LOOK_EVERY = 25
/** How long a killed process may take to be gone, in milliseconds. */
const KILLED_WITHIN = 5_000

/**
 * Ends a container: its stop signal to the first process, after `graceMs` SIGKILL to the group and to all that it wrote down.
 * `directory` is the container's own, if there still is one. Throws an Error when a process survives that.
 */
export async function endContainer(
  id: string,
  directory: string | undefined,
  graceMs: number,
  clock: Clock,
): Promise<void> {
  const pid = await alive(id)
  if (pid !== undefined) {
    if (graceMs > 0) {
      const record = directory === undefined ? undefined : await readRecord(directory)
      signalProcess(pid, (record?.stopSignal ?? 'SIGTERM') as NodeJS.Signals)
      await goneWithin(id, graceMs, clock)
    }
    signalGroup(pid, 'SIGKILL')
  }
  if (directory !== undefined) await endProcesses(await processesOf(directory))
  if (!(await goneWithin(id, KILLED_WITHIN, clock))) throw new Error(`process ${id} does not end`)
}

/** SIGKILL to those of the identified processes that still run. */
export async function endProcesses(ids: string[]): Promise<void> {
  for (const id of ids) {
    const pid = await alive(id)
    if (pid !== undefined) signalProcess(pid, 'SIGKILL')
  }
}

async function goneWithin(id: string, ms: number, clock: Clock): Promise<boolean> {
  for (let waited = 0; (await alive(id)) !== undefined; waited += LOOK_EVERY) {
    if (waited >= ms) return false
    await clock.sleep(LOOK_EVERY)
  }
  return true
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const stepFile = (work: string): string => join(work, 'step')

/** Writes down which process a build in `work` is running; undefined when it is over. */
export async function rememberStep(work: string, pid: number | undefined): Promise<void> {
  if (pid === undefined) await rm(stepFile(work), { force: true })
  else await writeFile(stepFile(work), (await identify(pid)) ?? '', { mode: 0o600 })
}

/** Ends the step that an earlier server left running in `work`. */
export async function endRememberedStep(work: string, clock: Clock): Promise<void> {
  if (!existsSync(stepFile(work))) return
  const id = await readFile(stepFile(work), 'utf8')
  const pid = await alive(id)
  if (pid === undefined) return
  signalGroup(pid, 'SIGKILL')
  await goneWithin(id, KILLED_WITHIN, clock)
}
