import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runBuild } from '../../src/bundle/run-build.ts'
import { refusal } from './bundled.ts'

const never = new AbortController().signal
const cwd = tmpdir()

test('a build runs in a shell in its directory and its lines are told as they come', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-test-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const lines: string[] = []
  await runBuild({
    command: 'echo one && echo two >&2 && pwd > here',
    cwd: dir,
    signal: never,
    onLine: (line) => lines.push(line),
  })
  expect(lines.sort()).toEqual(['one', 'two'])
  expect((await readFile(join(dir, 'here'), 'utf8')).trim()).toBe(dir)
})

test('a build that fails is a source error with its last twelve lines', async () => {
  const error = await refusal(
    runBuild({ command: 'seq 1 40; exit 3', cwd, signal: never, onLine: () => undefined }),
  )
  expect(error).toMatchObject({ code: 'LUC-SOURCE-BUILD', exitCode: 4, why: 'it ended with 3' })
  expect(error.evidence).toEqual(Array.from({ length: 12 }, (_, index) => String(29 + index)))
})

test('a build whose directory is missing is told as such', async () => {
  const error = await refusal(
    runBuild({ command: 'true', cwd: '/nowhere', signal: never, onLine: () => undefined }),
  )
  expect(error).toMatchObject({ code: 'LUC-SOURCE-BUILD', exitCode: 4 })
})

test('an abort ends the build and everything that it has started', async () => {
  const stop = new AbortController()
  const pids: number[] = []
  const reason = new Error('Ctrl-C')
  const building = runBuild({
    command: 'sleep 300 & echo $!; sleep 301 & echo $!; wait',
    cwd,
    signal: stop.signal,
    onLine: (line) => {
      if (pids.push(Number(line)) === 2) stop.abort(reason)
    },
  })
  await expect(building).rejects.toBe(reason)
  await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([])
})

test('a build that ignores the request to end is killed after a while', async () => {
  const stop = new AbortController()
  const waited: number[] = []
  const building = runBuild({
    command: 'trap "" TERM; echo up; while :; do sleep 1; done',
    cwd,
    signal: stop.signal,
    onLine: () => stop.abort(new Error('Ctrl-C')),
    clock: { now: () => 0, sleep: async (ms) => void waited.push(ms) },
  })
  await expect(building).rejects.toThrow('Ctrl-C')
  expect(waited[0]).toBe(5000)
})

test('what a build leaves running does not hold the deploy up', async () => {
  let pid = 0
  onTestFinished(() => void process.kill(pid))
  await runBuild({
    command: 'sleep 60 & echo $!',
    cwd,
    signal: never,
    onLine: (line) => (pid = Number(line)),
  })
  expect(isAlive(pid)).toBe(true)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
