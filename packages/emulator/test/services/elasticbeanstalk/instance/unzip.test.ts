import { ZipArchive } from 'archiver'
import { lstat, mkdtemp, readFile, readlink, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { unzip } from '../../../../src/services/elasticbeanstalk/instance/unzip.ts'

async function unpack(fill: (archive: ZipArchive) => void, spoil = (zip: Buffer) => zip) {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'lucree-unzip-')))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const archive = new ZipArchive()
  const zip = buffer(archive)
  fill(archive)
  await archive.finalize()
  await writeFile(join(dir, 'bundle.zip'), spoil(await zip))
  const target = join(dir, 'staging')
  await unzip(join(dir, 'bundle.zip'), target, new AbortController().signal)
  return target
}

/** Replaces a name in a zip by one of the same length. */
const renamed = (from: string, to: string) => (zip: Buffer) =>
  Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')

test('keeps modes, folders, links and contents', async () => {
  const target = await unpack((archive) => {
    archive.append('#!/bin/sh', { name: 'hooks/run.sh', mode: 0o755 })
    archive.append('plain', { name: 'deep/er/file', mode: 0o644 })
    archive.symlink('link', 'deep/er/file')
  })
  expect((await stat(join(target, 'hooks/run.sh'))).mode & 0o777).toBe(0o755)
  expect((await stat(join(target, 'deep/er/file'))).mode & 0o777).toBe(0o644)
  expect(await readlink(join(target, 'link'))).toBe('deep/er/file')
  expect((await lstat(join(target, 'link'))).isSymbolicLink()).toBe(true)
  expect(await readFile(join(target, 'link'), 'utf8')).toBe('plain')
})

test.each([
  ['climbs out', 'xx/evil', '../evil'],
  ['is absolute', 'xtmp/evil', '/tmp/evil'],
  ['has a backslash', 'a/evil', 'a\\evil'],
])('refuses a name that %s', async (_, honest, evil) => {
  await expect(
    unpack((archive) => archive.append('x', { name: honest }), renamed(honest, evil)),
  ).rejects.toThrow()
})

test.each([
  ['to the outside', (archive: ZipArchive) => archive.symlink('out', '../..')],
  ['to an absolute path', (archive: ZipArchive) => archive.symlink('out', '/etc/passwd')],
  [
    'over another link to the outside',
    (archive: ZipArchive) => archive.symlink('a', '.').symlink('b', 'a/../..'),
  ],
])('refuses a link %s', async (_, fill) => {
  await expect(unpack(fill)).rejects.toThrow(/leads out of the bundle/)
})

test('never writes through a link', async () => {
  await expect(
    unpack((archive) =>
      archive.append('safe', { name: 'file' }).symlink('name', 'file').append('x', { name: 'name' }),
    ),
  ).rejects.toThrow(/EEXIST/)
})

test('refuses what is no zip', async () => {
  await expect(
    unpack(
      (archive) => archive.append('x', { name: 'x' }),
      () => Buffer.from('PK not a zip'),
    ),
  ).rejects.toThrow()
})
