import { mkdir, readlink, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import {
  buildingLink,
  containedLink,
  containLinks,
  settleLinks,
  writtenLink,
} from '../../../src/runtime/process/contained-link.ts'
import { scratch } from '../fixture.ts'

test.each([
  ['/data/real', '/x', 'data/real'],
  ['/data/real', '/a/b/x', '../../data/real'],
  ['/', '/a/x', '..'],
  ['/a', '/a/x', '.'],
  ['../o', '/x/m', '../o'],
  ['./a/../b', '/x/m', './a/../b'],
  ['../../etc', '/x/m', '../etc'],
  ['a/../../../b', '/x/m', '../b'],
  ['/dev/stdout', '/var/log/x', '/dev/stdout'],
  ['/proc/self/fd/1', '/x', '/proc/self/fd/1'],
  ['/developers', '/x', 'developers'],
])('a link to %s at %s is written as %s', (target, path, text) => {
  expect(containedLink(target, path)).toBe(text)
})

test.each(['/data/real', '/', 'real', '../o', '/dev/null'])(
  'while an image is built a link to %s can be told from one that was written otherwise, and is moved as it was written',
  (target) => {
    const built = buildingLink(target, '/a/b/l')
    expect(built.startsWith('/')).toBe(target === '/dev/null')
    expect(writtenLink(built, '/a/b/l')).toBe(target)
  },
)

test('links of a step that hold paths of the container or of this machine lead to the same place in a moved image', async () => {
  const root = join(await scratch(), 'root')
  const links = {
    'app/absolute': '/data/real',
    'app/here': join(root, 'data/real'),
    'app/deep/climbing': '../../../../data/real',
    'app/relative': '../data/real',
    'app/root': root,
  }
  for (const [name, target] of Object.entries(links)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await symlink(target, join(root, name))
  }
  const { signal } = new AbortController()
  const texts = () => Promise.all(Object.keys(links).map((name) => readlink(join(root, name))))
  await containLinks(root, signal)
  const once = await texts()
  expect(once).toEqual(['..//data/real', '..//data/real', '../..//data/real', '../data/real', '..//'])
  await containLinks(root, signal)
  expect(await texts()).toEqual(once)
  await settleLinks(root, signal)
  expect(await texts()).toEqual(['../data/real', '../data/real', '../../data/real', '../data/real', '..'])
})
