import { appendFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refuseTooLarge } from '../../../src/bundle/checks/size-limit.ts'
import { findFiles } from '../../../src/bundle/files/source-files.ts'
import { writeZip, type ZipRequest } from '../../../src/bundle/zip/write-zip.ts'
import { refusal } from '../bundled.ts'
import { sourceTree, type Tree } from '../source-tree.ts'

const signal = new AbortController().signal

/** Finds the files, lets `between` do something to them, and zips them. */
async function zip(
  tree: Tree,
  between: (source: string) => Promise<unknown>,
  more: Partial<ZipRequest> = {},
) {
  const source = await sourceTree(tree)
  const path = join(await sourceTree({}), 'out.zip')
  const { files } = await findFiles({
    source,
    projectDir: source,
    include: [],
    onWarning: () => undefined,
    signal,
  })
  await between(source)
  return await writeZip({ files, path, signal, ...more })
}

describe('a file that is not as it was found is refused by name:', () => {
  const changes: [string, (source: string) => Promise<unknown>][] = [
    ['it grew', (source) => appendFile(join(source, 'a'), 'more')],
    ['it shrank', (source) => writeFile(join(source, 'a'), '')],
    ['it was written anew with the same size', (source) => writeFile(join(source, 'a'), 'y'.repeat(5000))],
    [
      'it was replaced',
      (source) => rm(join(source, 'a')).then(() => writeFile(join(source, 'a'), 'x'.repeat(5000))),
    ],
    ['it was touched', (source) => utimes(join(source, 'a'), 1, 1)],
    ['it vanished', (source) => rm(join(source, 'a'))],
  ]
  test.each(changes)('%s', async (_, change) => {
    const error = await refusal(zip({ a: 'x'.repeat(5000), b: '' }, change))
    expect(error).toMatchObject({
      message: 'a changed while it was being bundled',
      code: 'LUC-SOURCE-CHANGED',
      exitCode: 4,
    })
  })

  test('it changed after it had been read, while others still were', async () => {
    let source = ''
    const files = { a: 'x', b: Buffer.alloc(3_000_000), c: '' }
    let written: Promise<void> | undefined
    const onBytes = () => void (written ??= writeFile(join(source, 'a'), 'y'))
    const error = await refusal(zip(files, async (root) => (source = root), { onBytes }))
    await written
    expect(error.message).toBe('a changed while it was being bundled')
  })

  test('it is long and changed while it was read in blocks', async () => {
    let source = ''
    const files = { big: Buffer.alloc(40_000_000, 'abc') }
    const bundling = zip(files, async (root) => {
      source = root
      setTimeout(() => void appendFile(join(source, 'big'), 'more'), 30)
    })
    expect((await refusal(bundling)).message).toBe('big changed while it was being bundled')
  })
})

test.each([3_000_000, 10])('a full disk is named as such, and ends the work on %i bytes', async (bytes) => {
  const error = await refusal(
    zip({ a: Buffer.alloc(bytes, 'abc'), b: '' }, async () => undefined, { path: '/dev/full' }),
  )
  expect(error).toMatchObject({ code: 'LUC-SOURCE-NO-SPACE', exitCode: 4 })
  expect(error.message).toBe('No space left for the bundle at /dev/full')
})

test('a directory that can’t be written to is named', async () => {
  const error = await refusal(zip({ a: '' }, async () => undefined, { path: '/nowhere/at/all.zip' }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-UNWRITABLE', exitCode: 4 })
  expect(error.message).toBe("The bundle can't be written to /nowhere/at/all.zip")
})

test('a zip that grows over the limit is refused with the paths that take the most room', async () => {
  const tree = {
    'lib/a/x': Buffer.alloc(900_000),
    'lib/a/y': Buffer.alloc(900_000),
    'lib/b': Buffer.alloc(20_000),
    c: 'c',
  }
  const entries = Object.entries(tree).map(([path, content]) => ({
    path,
    bytes: content.length,
    mode: 0o644 as const,
    kind: 'file' as const,
  }))
  const onBytes = (bytes: number) => refuseTooLarge(bytes, entries, 1000)
  const error = await refusal(zip(tree, async () => undefined, { onBytes }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-SIZE', exitCode: 4 })
  expect(error.evidence).toEqual([' 1.7 MiB  lib/a', ' 0.0 MiB  lib/b', ' 0.0 MiB  c'])
})
