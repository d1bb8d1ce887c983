import { expect, test } from 'vitest'
import { inOrder } from '../../../../src/runtime/docker/buildkit/file-sync.ts'

test('paths come as the builder demands them: what is in a directory right after it, before longer names', () => {
  expect(inOrder(['dir.a', 'dir/z', 'dir-b', 'dir.a/q', 'a', 'dir', 'dir/sub', 'dir/sub/x'])).toEqual([
    'a',
    'dir',
    'dir/sub',
    'dir/sub/x',
    'dir/z',
    'dir-b',
    'dir.a',
    'dir.a/q',
  ])
})

test('names are compared by their bytes', () => {
  expect(inOrder(['\u{1F600}', '\uFF5E', 'Z', 'a'])).toEqual(['Z', 'a', '\uFF5E', '\u{1F600}'])
})
