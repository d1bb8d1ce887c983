import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeBundleDirectory } from '../../src/bundle/bundle-directory.ts'
import { systemClock } from '../../src/clock.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'lucree-temporary-'))
  vi.stubEnv('TMPDIR', parent)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(parent, { recursive: true, force: true })
})

async function left(name: string, ageMs: number): Promise<void> {
  await mkdir(join(parent, name))
  await writeFile(join(parent, name, 'bundle.zip'), 'zip')
  const at = new Date(Date.now() - ageMs)
  await utimes(join(parent, name), at, at)
}

test('a bundle’s directory is its owner’s alone', async () => {
  const made = await makeBundleDirectory(systemClock)
  expect(join(parent, basename(made))).toBe(made)
  expect((await stat(made)).mode & 0o777).toBe(0o700)
})

test('what a killed lucree left goes once it is a day old; what is younger, or isn’t lucree’s, stays', async () => {
  await left('lucree-bundle-killed', DAY_MS + 60_000)
  await left('lucree-bundle-atwork', DAY_MS - 60_000)
  await left('somebody-else', 10 * DAY_MS)
  const made = await makeBundleDirectory(systemClock)
  const names = ['lucree-bundle-atwork', 'somebody-else', basename(made)]
  expect((await readdir(parent)).sort()).toEqual(names.sort())
})
