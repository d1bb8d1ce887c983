import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** What a process group has between SIGTERM and SIGKILL, and its pipes to close after its leader ended; milliseconds. */
const graceMs = 5_000

/** Leaders of the process groups that run now. */
const running = new Set()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
let interrupted

/** Signals a process group; one that is gone needs none. */
function kill(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

const killAll = (signal) => [...running].forEach((pid) => kill(pid, signal))

function interrupt(signal) {
  interrupted = 128 + constants.signals[signal]
  killAll(signal)
  setTimeout(() => {
    killAll('SIGKILL')
    process.exit(interrupted)
  }, graceMs)
}

/** While groups run, a signal to this process goes to them first: they are not in the terminal's own group. */
function enter(pid) {
  if (running.size === 0) for (const signal of signals) process.on(signal, interrupt)
  running.add(pid)
}

function leave(pid) {
  kill(pid, 'SIGKILL')
  running.delete(pid)
  if (running.size > 0) return
  for (const signal of signals) process.off(signal, interrupt)
  if (interrupted !== undefined) process.exit(interrupted)
}

/**
 * Runs a command in a process group of its own, and ends whatever is left of the group when it ends. Answers its exit code (null when
 * it had to be ended at the deadline) and all that it wrote; with `live` that goes straight to the terminal and `output` is empty.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ deadlineMs: number, env?: NodeJS.ProcessEnv, live?: boolean }} options
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export async function run(command, args, { deadlineMs, env = {}, live = false }) {
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env },
    stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  })
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk))
  const closed = new Promise((done) => child.once('close', done))
  const ended = new Promise((done) => {
    child.once('error', (error) => done({ code: 127, problem: error.message }))
    child.once('exit', (code, signal) => done({ code: code ?? 128 + constants.signals[signal] }))
  })
  if (child.pid === undefined) return { code: 127, output: (await ended).problem }
  enter(child.pid)
  const { code, late } = await withDeadline(ended, deadlineMs, child.pid)
  leave(child.pid)
  // What left the group (a daemon) may hold the pipes open for ever.
  await within(closed, graceMs)
  return late
    ? { code: null, output: `${Buffer.concat(chunks)}\nEnded after ${deadlineMs / 1000} s, its limit.\n` }
    : { code, output: Buffer.concat(chunks).toString() }
}

async function withDeadline(ended, deadlineMs, pid) {
  let late = false
  const timers = [
    setTimeout(() => {
      late = true
      kill(pid, 'SIGTERM')
    }, deadlineMs),
    setTimeout(() => kill(pid, 'SIGKILL'), deadlineMs + graceMs),
  ]
  const { code } = await ended
  for (const timer of timers) clearTimeout(timer)
  return { code, late }
}

async function within(promise, ms) {
  let timer
  await Promise.race([promise, new Promise((done) => (timer = setTimeout(done, ms)))])
  clearTimeout(timer)
}

/** The time since `began` (from performance.now()) for people. */
export const secondsSince = (began) => `${((performance.now() - began) / 1000).toFixed(1)} s`

/** Runs a command as one line on stderr, with its time; when it fails, ends this process with all of the command's output. */
export async function step(title, command, args, options) {
  const began = performance.now()
  process.stderr.write(`${title} … `)
  const { code, output } = await run(command, args, options)
  process.stderr.write(`${code === 0 ? '' : 'failed, '}${secondsSince(began)}\n`)
  if (code === 0) return output
  process.stderr.write(`${output.trimEnd()}\n\n${title} failed: ${command} ${args.join(' ')}\n`)
  process.exit(1)
}
