import { constants } from 'node:os'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Clock } from '../../clock.ts'

export interface StepProcess {
  /** Absolute path of the program. */
  program: string
  args: string[]
  cwd: string
  env: Record<string, string>
  log: (line: string) => void
  /** Called with the process id before anything else, so that it is found again should this server die. */
  started: (pid: number) => Promise<void>
  clock: Clock
  signal: AbortSignal
}

/** Sends a signal to a whole process group. Nothing happens when it is gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code !== 'ESRCH' &&
      (error as NodeJS.ErrnoException).code !== 'EPERM'
    )
      throw error
  }
}

/**
 * Waits until the process is written down before it becomes the program, and ends if the server dies before that. Files get a container's
 * modes, whatever this server's are.
 */
const GATE = 'umask 022; read -r go && exec "$0" "$@" </dev/null'

/**
 * Runs one step of a build in a process group of its own and resolves with its exit code (128 + number for a signal). What it
 * leaves running in the background is ended, as a container's processes end with the first. An abort ends the whole group.
 */
export async function runStep(step: StepProcess): Promise<number> {
  step.signal.throwIfAborted()
  const child = spawn('/bin/sh', ['-c', GATE, step.program, ...step.args], {
    cwd: step.cwd,
    env: step.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // A step that ends at once closes its end first; its exit code tells all.
  child.stdin.on('error', () => undefined)
  const { pid } = child
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)))
  })
  const kill = () => pid !== undefined && signalGroup(pid, 'SIGKILL')
  step.signal.addEventListener('abort', kill, { once: true })
  const output = [child.stdout, child.stderr].map((stream) => eachLine(stream, step.log))
  try {
    if (pid !== undefined) await step.started(pid)
    child.stdin.end('go\n')
    const code = await exited
    kill()
    await drained(Promise.all(output), step.clock)
    step.signal.throwIfAborted()
    return code
  } finally {
    step.signal.removeEventListener('abort', kill)
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

/** The output's end, but not for ever: a program that left the group may hold the pipe open. */
async function drained(output: Promise<unknown>, clock: Clock): Promise<void> {
  const done = new AbortController()
  const limit = clock.sleep(2_000, done.signal).catch((error: unknown) => {
    if (!done.signal.aborted) throw error
  })
  await Promise.race([output, limit])
  done.abort()
}

async function eachLine(stream: Readable, log: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) log(line)
}

/** The number of a signal as exit codes carry it. */
export function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal]
}
