import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify, TextDecoder } from 'node:util'

/**
 * A terminal session: `command` as it was typed, the size of the terminal, and what was written to it when. Kept as asciicast 2, a line of JSON an
 * entry, so that any player shows it.
 * @typedef {{ command: string, width: number, height: number, output: { seconds: number, text: string }[] }} Recording
 */

/**
 * Runs a command line on a pseudo-terminal, by `script` of util-linux, and gives what it wrote. Throws with all of it when the command fails.
 * @param {string} command
 * @param {{ cwd: string, env: Record<string, string>, width?: number, height?: number }} where
 * @returns {Promise<Recording>}
 */
export async function record(command, { cwd, env, width = 156, height = 60 }) {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-picture-'))
  const [out, timing] = [join(dir, 'out'), join(dir, 'timing')]
  try {
    const line = `stty cols ${width} rows ${height}; ${command}`
    await promisify(execFile)('script', ['-q', '-e', '-O', out, '-T', timing, '-c', line], {
      cwd,
      env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
      timeout: 300_000,
    })
    return { command, width, height, output: timed(await readFile(out), await readFile(timing, 'utf8')) }
  } catch (error) {
    const written = await readFile(out, 'utf8').catch(() => '')
    throw new Error(`${command} failed: ${error.message}\n${written}`, { cause: error })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Cuts what `script` wrote into its pieces: the timing file has a line for each, seconds since the one before and bytes. Its own first and last lines go. */
function timed(written, timing) {
  const decoder = new TextDecoder()
  const body = written.subarray(written.indexOf('\n') + 1)
  const output = []
  let [seconds, at] = [0, 0]
  for (const line of timing.trim().split('\n')) {
    const [delay, bytes] = line.split(' ').map(Number)
    seconds += delay
    output.push({ seconds, text: decoder.decode(body.subarray(at, at + bytes), { stream: true }) })
    at += bytes
  }
  return output
}

/** @param {Recording} recording */
export function toCast({ command, width, height, output }) {
  const head = { version: 2, width, height, command }
  const events = output.map(({ seconds, text }) => [Number(seconds.toFixed(3)), 'o', text])
  return `${[head, ...events].map((entry) => JSON.stringify(entry)).join('\n')}\n`
}

/** @returns {Recording} */
export function fromCast(text) {
  const [{ command, width, height }, ...events] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { command, width, height, output: events.map(([seconds, , data]) => ({ seconds, text: data })) }
}
