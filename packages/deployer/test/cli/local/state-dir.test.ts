import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkStateDirectory, isStateDirectory, localStateDir } from '../../../src/cli/local/state-dir.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucree-state-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

it('is named by LUCREE_LOCAL_DIR, else below XDG_STATE_HOME', () => {
  expect(localStateDir({ LUCREE_LOCAL_DIR: '/a/b', XDG_STATE_HOME: '/x' })).toBe('/a/b')
  expect(localStateDir({ XDG_STATE_HOME: '/x' })).toBe('/x/lucree/beanstalk')
  expect(localStateDir({})).toMatch(/\/\.local\/state\/lucree\/beanstalk$/)
})

it('may be new, empty, or one of a server, also of one that died early', async () => {
  await checkStateDirectory(join(dir, 'new'))
  await checkStateDirectory(dir)
  await writeFile(join(dir, 'server.stderr'), '')
  await writeFile(join(dir, 'claim.1'), '')
  await checkStateDirectory(dir)
  expect(await isStateDirectory(dir)).toBe(true)
  await writeFile(join(dir, 'account.json'), '{}')
  await writeFile(join(dir, 'anything'), '')
  expect(await isStateDirectory(dir)).toBe(true)
})

it("may not be somebody's own: reset would remove it", async () => {
  await writeFile(join(dir, 'thesis.tex'), '')
  await expect(checkStateDirectory(dir)).rejects.toMatchObject({ code: 'LUC-LOCAL-DIRECTORY', exitCode: 2 })
  await expect(checkStateDirectory(join(dir, 'thesis.tex'))).rejects.toMatchObject({ why: 'it is a file' })
  expect(await isStateDirectory(dir)).toBe(false)
})
