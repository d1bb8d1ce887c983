import { expect, test } from 'vitest'
import type { ContextEntry } from '../../../src/runtime/context.ts'
import { findSources } from '../../../src/runtime/process/copy-sources.ts'
import { SourceTree } from '../../../src/runtime/process/source-tree.ts'

test('a directory holds what lies below it, and not its neighbours of a similar name', () => {
  const paths = ['a', 'a-b', 'a-b/c', 'a.txt', 'a/b', 'a/b/c', 'a0', 'b']
  const entries = paths.map((path): ContextEntry => ({ path, kind: 'directory' }))
  const tree = SourceTree.of({ directory: '/nowhere', entries: entries.toReversed() })
  expect(tree.below('a').map(({ path }) => path)).toEqual(['a/b', 'a/b/c'])
  expect(tree.below('').map(({ path }) => path)).toEqual(paths)
})

test('finding a source among many files reads none of the others', () => {
  let reads = 0
  const entries = Array.from({ length: 20_000 }, (_, index): ContextEntry => {
    const path = `d${String(index % 200).padStart(3, '0')}/f${String(index).padStart(5, '0')}`
    return {
      get path() {
        reads++
        return path
      },
      kind: 'file',
    }
  })
  const directories = Array.from({ length: 200 }, (_, index): ContextEntry => ({
    path: `d${String(index).padStart(3, '0')}`,
    kind: 'directory',
  }))
  const origin = { directory: '/nowhere', entries: [...directories, ...entries] }
  const tree = SourceTree.of(origin)
  reads = 0
  for (let index = 0; index < 1_000; index++) {
    const name = `f${String(index).padStart(5, '0')}`
    const directory = `d${String(index % 200).padStart(3, '0')}`
    expect(findSources(SourceTree.of(origin), `${directory}/${name}`)).toMatchObject([{ name }])
  }
  expect(tree.below('d007')).toHaveLength(100)
  // A few comparisons for each, of 20,000.
  expect(reads).toBeLessThan(1_000 * 20)
})
