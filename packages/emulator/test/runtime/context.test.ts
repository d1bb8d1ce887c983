import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ignoreCases,
  type IgnoreCase,
  type TreeEntry,
} from '../../../docker-context/test/cases/ignore-cases.ts'
import { IgnoreTrees, makeTree } from '../../../docker-context/test/cases/ignore-tree.ts'
import { readContext } from '../../src/runtime/context.ts'
import { BuildFailed } from '../../src/runtime/runtime.ts'

let directory: string
let trees: IgnoreTrees

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lucree-test-'))
  trees = new IgnoreTrees(join(directory, 'table'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('the context of a build', () => {
  test('is what BuildKit sees, in every case of the table', async () => {
    const cases = ignoreCases().filter(({ context }) => context)
    for (const each of cases) {
      expect(await seenBy(each), JSON.stringify(each.ignore)).toEqual(each.context)
    }
  }, 300_000)

  test('is refused where BuildKit refuses the ignore file, and the line is named', async () => {
    const cases = ignoreCases().filter(({ refused }) => refused)
    for (const each of cases) {
      const error = await seenBy(each).catch((reason: unknown) => reason)
      expect(error, JSON.stringify(each.ignore)).toBeInstanceOf(BuildFailed)
      expect((error as Error).message).toMatch(/^failed to solve: \.dockerignore:\d+: /)
    }
  })

  test('follows Dockerfile.dockerignore alone when it is there', async () => {
    const root = join(directory, 'two')
    makeTree(root, [
      ['a', 'f'],
      ['b', 'f'],
    ])
    await writeFile(join(root, 'Dockerfile.dockerignore'), 'a')
    await writeFile(join(root, '.dockerignore'), 'b')
    const paths = (await contextOf(root)).map(({ path }) => path)
    expect(paths).toEqual(['.dockerignore', 'Dockerfile', 'Dockerfile.dockerignore', 'b'])
  })

  test('has directories that are empty, and those that hold what a negation brings back', async () => {
    const tree: TreeEntry[] = [
      ['empty', 'd'],
      ['x/y/keep', 'f'],
      ['x/z', 'f'],
    ]
    const entries = await contextOf(trees.rootOf({ ignore: 'x\n!x/y/keep', tree }))
    const directories = entries.filter(({ kind }) => kind === 'directory')
    expect(directories.map(({ path }) => path)).toEqual(['empty', 'x', 'x/y'])
  })
})

const contextOf = (root: string) => readContext(root, AbortSignal.timeout(60_000))

/** The files and links that a build would copy. */
async function seenBy(each: IgnoreCase): Promise<string[]> {
  const entries = await contextOf(trees.rootOf(each))
  return entries.flatMap(({ path, kind }) => (kind === 'directory' ? [] : [path])).sort()
}
