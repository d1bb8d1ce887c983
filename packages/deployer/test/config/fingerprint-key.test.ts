import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fingerprintKey } from '../../src/config/fingerprint-key.ts'

async function state(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-test-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('the key is made once, for this user alone, and stays the same', async () => {
  const dir = await state()
  const key = await fingerprintKey({ XDG_STATE_HOME: dir })
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(await fingerprintKey({ XDG_STATE_HOME: dir })).toBe(key)
  expect((await stat(join(dir, 'lucree/fingerprint-key'))).mode & 0o777).toBe(0o600)
})

test('many that ask at once for the first time get one key, and leave one file', async () => {
  const dir = await state()
  const keys = await Promise.all(Array.from({ length: 20 }, () => fingerprintKey({}, dir)))
  expect(new Set(keys).size).toBe(1)
  expect(await readdir(join(dir, '.local/state/lucree'))).toEqual(['fingerprint-key'])
})

test('a key that others can read is closed to them', async () => {
  const dir = await state()
  const key = await fingerprintKey({ XDG_STATE_HOME: dir })
  const file = join(dir, 'lucree/fingerprint-key')
  await chmod(file, 0o644)
  expect(await fingerprintKey({ XDG_STATE_HOME: dir })).toBe(key)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a damaged key and a directory that refuses are usage errors that name the file', async () => {
  const dir = await state()
  await mkdir(join(dir, 'lucree'))
  await writeFile(join(dir, 'lucree/fingerprint-key'), 'x')
  await expect(fingerprintKey({ XDG_STATE_HOME: dir })).rejects.toThrow('does not hold a key')
  await writeFile(join(dir, 'file'), '')
  await expect(fingerprintKey({ XDG_STATE_HOME: join(dir, 'file') })).rejects.toMatchObject({ exitCode: 2 })
})
