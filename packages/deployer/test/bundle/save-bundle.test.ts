import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { saveBundle } from '../../src/bundle/save-bundle.ts'
import { bundle, DOCKERFILE, refusal } from './bundled.ts'
import { sourceTree } from './source-tree.ts'

test('a bundle is written for its owner alone, in place of the file that was there, and nothing else is left', async () => {
  const made = await bundle({ Dockerfile: DOCKERFILE })
  const directory = await sourceTree({ 'shop.zip': 'the one of yesterday' })
  const file = join(directory, 'shop.zip')
  await saveBundle(made.path, file)
  expect((await readFile(file)).equals(await readFile(made.path))).toBe(true)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['shop.zip'])
})

test.each([
  ['directory', 'is a directory'],
  ['nowhere/shop.zip', 'there is no directory'],
  ['/dev/null', 'is not a regular file'],
])('%s is no place for it', async (place, why) => {
  const made = await bundle({ Dockerfile: DOCKERFILE })
  const root = await sourceTree({ 'directory/file': '' })
  const to = place.startsWith('/') ? place : join(root, place)
  const error = await refusal(saveBundle(made.path, to))
  expect(error).toMatchObject({ code: 'LUC-USAGE-OUTPUT', exitCode: 2 })
  expect(error.why).toContain(why)
  expect(await readdir(root)).toEqual(['directory'])
})
