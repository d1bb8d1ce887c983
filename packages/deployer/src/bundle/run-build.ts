import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { systemClock, type Clock } from '../clock.ts'
import { SourceError } from '../errors.ts'
import { systemCode } from './source-failures.ts'

/** Lines of the build's output that a failure shows. */
const EVIDENCE_LINES = 12
/** How long an ended build may take to stop before it is killed. */
const GRACE_MS = 5_000
/** How long output may still come from what a build left behind. */
const OUTPUT_MS = 1_000

export interface BuildRequest {
  /** What a shell runs. */
  command: string
  cwd: string
  signal: AbortSignal
  /** Called with each line of its output, standard output and standard error alike. */
  onLine: (line: string) => void
  clock?: Clock
}

/**
 * Runs the project's own build and waits for its end. It gets no standard input, and lucree's environment. When the signal is aborted,
 * everything that it has started ends with it.
 * @throws SourceError with its last lines when it fails; the signal's reason when it is aborted.
 */
export async function runBuild({
  command,
  cwd,
  signal,
  onLine,
  clock = systemClock,
}: BuildRequest): Promise<void> {
  signal.throwIfAborted()
  // A process group of its own, so that the shell's children can be ended with it.
  const child = spawn(command, { cwd, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const last: string[] = []
  const take = (line: string) => {
    onLine(line)
    if (last.push(line) > EVIDENCE_LINES) last.shift()
  }
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take)
  const over = new AbortController()
  const end = () => void endGroup(child, clock, over.signal)
  signal.addEventListener('abort', end, { once: true })
  try {
    const how = await ended(child, clock)
    signal.throwIfAborted()
    if (how !== 'with 0') throw failed(command, how, last)
  } catch (error) {
    throw systemCode(error) ? failed(command, `before it began: ${String(error)}`, last) : error
  } finally {
    over.abort()
    signal.removeEventListener('abort', end)
  }
}

/** Resolves with how it ended: `with 3`, `by SIGKILL`. */
async function ended(child: ChildProcess, clock: Clock): Promise<string> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const how = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, killedBy) => resolve(killedBy ? `by ${killedBy}` : `with ${code}`))
  })
  // Its output is read to the end, unless something that the build left running holds it open.
  const stop = new AbortController()
  await Promise.race([closed, clock.sleep(OUTPUT_MS, stop.signal).catch(() => closed)])
  stop.abort()
  child.stdout?.destroy()
  child.stderr?.destroy()
  return how
}

async function endGroup(child: ChildProcess, clock: Clock, over: AbortSignal): Promise<void> {
  signalGroup(child, 'SIGTERM')
  const waited = await clock.sleep(GRACE_MS, over).then(
    () => true,
    () => false,
  )
  if (waited) signalGroup(child, 'SIGKILL')
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // It has ended by itself.
    if (systemCode(error) !== 'ESRCH') throw error
  }
}

function failed(command: string, how: string, last: string[]): SourceError {
  return new SourceError(`The build failed: ${command}`, {
    code: 'LUC-SOURCE-BUILD',
    why: `it ended ${how}`,
    evidence: last,
    hints: [`Run it by hand in the directory of lucree.json: ${command}`],
  })
}
