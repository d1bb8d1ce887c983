import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inContainer, makeDirectory, resolveInRoot } from '../../../src/runtime/process/root-path.ts'
import { BuildFailed } from '../../../src/runtime/runtime.ts'
import { scratch } from '../fixture.ts'

/** An image's root with a directory beside it that nothing may reach. */
async function image(links: Record<string, string>): Promise<string> {
  const root = join(await scratch(), 'image/root')
  await mkdir(join(root, 'data/real'), { recursive: true })
  await writeFile(join(root, 'file'), 'text')
  for (const [name, target] of Object.entries(links)) await symlink(target, join(root, name))
  return root
}

test.each([
  ['/a/b', '/a/b'],
  ['a', '/a'],
  ['/', '/'],
  ['/../../a', '/a'],
  ['/absolute', '/data/real'],
  ['/absolute/x/y', '/data/real/x/y'],
  ['/relative/x', '/data/real/x'],
  ['/climbing/x', '/data/x'],
  ['/to-root/data', '/data'],
  ['/chain/x', '/data/real/x'],
  ['/dangling/x', '/nowhere/deep/x'],
  ['/absolute/../x', '/data/x'],
  ['/file/x', '/file/x'],
])('%s leads to %s of the image', async (path, place) => {
  const root = await image({
    absolute: '/data/real',
    relative: 'data/real',
    climbing: '../../../../data',
    'to-root': '/',
    chain: 'absolute',
    dangling: '/nowhere/deep',
  })
  expect(inContainer(root, resolveInRoot(root, path))).toBe(place)
})

test('links that lead round in a circle are told in the engine’s words', async () => {
  const root = await image({ a: '/b', b: 'a' })
  expect(() => resolveInRoot(root, '/a/x')).toThrow(new BuildFailed('build', 'too many links'))
})

test('a directory behind a link is made in the image, whatever the link says, and can be entered by everyone', async () => {
  const root = await image({ out: '../../outside', absolute: '/etc' })
  const before = process.umask(0o077)
  try {
    expect(await makeDirectory(root, '/out/a')).toBe(join(root, 'outside/a'))
    expect(await makeDirectory(root, '/absolute/lucree-test/a')).toBe(join(root, 'etc/lucree-test/a'))
    expect((await stat(join(root, 'outside/a'))).mode & 0o777).toBe(0o755)
    expect((await stat(join(root, 'outside'))).mode & 0o777).toBe(0o755)
  } finally {
    process.umask(before)
  }
  await expect(stat(join(root, '../../outside'))).rejects.toThrow('ENOENT')
})

test('a file in the way is told in the engine’s words and stays', async () => {
  const root = await image({ link: 'file' })
  await expect(makeDirectory(root, '/file')).rejects.toThrow(
    new BuildFailed('build', 'mkdir /file: not a directory'),
  )
  await expect(makeDirectory(root, '/file/x/y')).rejects.toThrow(
    new BuildFailed('build', 'mkdir /file/x/y: not a directory'),
  )
  await expect(makeDirectory(root, '/link')).rejects.toThrow('mkdir /file: not a directory')
  expect(await readFile(join(root, 'file'), 'utf8')).toBe('text')
})
