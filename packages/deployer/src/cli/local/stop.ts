import { PlatformError } from '../../errors.ts'
import { readServerRecord, type ServerRecord } from './server-record.ts'
import { type Around, findServer } from './server.ts'
import { commandOf, isRunning, send } from './server-process.ts'

const LOOK_EVERY_MS = 50
/** What is in flight is finished first. */
const POLITE_MS = 20_000
const FORCED_MS = 5_000

/** Ends the server of a state directory. Gives its record, or undefined when none runs. */
export async function stopServer(dir: string, around: Around): Promise<ServerRecord | undefined> {
  const record = (await findServer(dir, around)) ?? (await silentServer(dir))
  if (!record) return undefined
  const { pid } = record
  send(pid, 'SIGTERM')
  if (!(await gone(pid, POLITE_MS, around))) {
    send(pid, 'SIGKILL')
    if (!(await gone(pid, FORCED_MS, around))) throw immortal(pid)
  }
  return record
}

/** A server that is there and doesn't answer. A process that only has the number of one that died must not be ended. */
async function silentServer(dir: string): Promise<ServerRecord | undefined> {
  const record = await readServerRecord(dir)
  if (!record || !(await isRunning(record.pid))) return undefined
  return (await commandOf(record.pid)).includes(dir) ? record : undefined
}

async function gone(pid: number, withinMs: number, { clock, signal }: Around): Promise<boolean> {
  const deadline = clock.now() + withinMs
  while (await isRunning(pid)) {
    if (clock.now() >= deadline) return false
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
  return true
}

function immortal(pid: number): PlatformError {
  return new PlatformError(`Process ${pid} of the embedded Beanstalk does not end`, {
    code: 'LUC-LOCAL-IMMORTAL',
    why: 'it was sent SIGTERM and SIGKILL',
  })
}
