import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { endLeftovers, marking } from '../../scripts/leftovers.mjs'

test.runIf(existsSync('/proc/self/environ'))('a daemon that a lane started is ended and named', async () => {
  const daemon = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', 'left-by-a-test'], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...marking('made-up') },
  })
  const ended = new Promise((done) => daemon.once('exit', (_code, signal) => done(signal)))
  expect(await endLeftovers('made-up')).toEqual([expect.stringContaining('left-by-a-test')])
  expect(await ended).toBe('SIGKILL')
  expect(await endLeftovers('made-up')).toEqual([])
})
