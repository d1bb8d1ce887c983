import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../src/clock.ts'
import { fileLog } from '../src/log-file.ts'
import { scratch } from './support/local-account.ts'

test('a log has a time in front of each line and is for its owner alone', async () => {
  const path = join(await scratch(), 'server.log')
  const clock = { ...systemClock, now: () => new Date('2026-11-22T17:00:00Z') }
  fileLog(path, clock)('one')
  fileLog(path, clock)('two')
  expect(await readFile(path, 'utf8')).toBe('2026-11-22T17:00:00.000Z one\n2026-11-22T17:00:00.000Z two\n')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('a log never takes more than two files of some megabytes', async () => {
  const dir = await scratch()
  const log = fileLog(join(dir, 'server.log'), systemClock)
  for (let line = 0; line < 2_000; line++) log(`${line} ${'x'.repeat(9_000)}`)
  expect((await readdir(dir)).sort()).toEqual(['server.log', 'server.log.1'])
  for (const name of await readdir(dir))
    expect((await stat(join(dir, name))).size).toBeLessThan(4.3 * 1024 * 1024)
  expect(await readFile(join(dir, 'server.log'), 'utf8')).toContain(' 1999 x')
})
