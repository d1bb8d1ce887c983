import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beganAt } from './process-start.mjs'

/** A directory for what an engine keeps: `data` and, for its socket, `sock`. */
export function daemonDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'lucree-engine-'))
  for (const part of ['data', 'sock']) mkdirSync(join(directory, part))
  return directory
}

/** What {@link startDaemon} wrote down in a record and {@link endDaemon} hasn't ended. */
export const running = (record) => (existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined)

/**
 * Starts an engine in another Debian root and writes down what ends it.
 *
 * @param {string} record file for that; a command that ends it may run later, in another process
 * @param {{ home: string, directory: string, command: string[], more?: object }} daemon the root, what {@link daemonDirectory} made, and what
 *   else the record holds
 */
export function startDaemon(record, { home, directory, command, more = {} }) {
  const log = openSync(join(directory, 'engine.log'), 'w', 0o600)
  const inRoot = [join(import.meta.dirname, 'in-root.sh'), home, directory]
  const child = spawn('unshare', ['--mount', 'sh', ...inRoot, ...command], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  const written = { directory, pid: child.pid, began: beganAt(child.pid), ...more }
  mkdirSync(dirname(record), { recursive: true })
  writeFileSync(`${record}.new`, `${JSON.stringify(written)}\n`)
  renameSync(`${record}.new`, record)
}

/** Waits for the engine of a record. Throws an Error with its log when it doesn't answer; ending it is the caller's. */
export async function untilAnswers(record, answers) {
  for (let turn = 0; turn < 120; turn += 1) {
    if (await answers()) return
    await delay(250)
  }
  const log = readFileSync(join(running(record).directory, 'engine.log'), 'utf8')
  throw new Error(`The engine didn't answer within 30 s. Its log:\n${log}`)
}

/** Whether the process of a record still is the one that was started. */
export const isAlive = ({ pid, began }) => began !== undefined && beganAt(pid) === began

/** Ends the engine of a record and removes its directory and the record. */
export async function endDaemon(record) {
  const last = running(record)
  for (const [signal, turns] of [
    ['SIGTERM', 60],
    ['SIGKILL', 20],
  ]) {
    if (isAlive(last)) process.kill(last.pid, signal)
    for (let turn = 0; turn < turns && isAlive(last); turn += 1) await delay(250)
  }
  rmSync(last.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  rmSync(record, { force: true })
}
