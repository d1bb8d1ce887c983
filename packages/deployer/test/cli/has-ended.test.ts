import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { hasEnded } from '../../src/cli/has-ended.ts'

test('a process of this machine has ended once it is gone, and one of another machine is never known to have', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
  const pid = child.pid ?? 0
  expect(hasEnded({ host: hostname(), pid })).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(hasEnded({ host: hostname(), pid })).toBe(true)
  expect(hasEnded({ host: `not-${hostname()}`, pid })).toBe(false)
})
