import { expect, test } from 'vitest'
import { expand, type Scope } from '../../../src/bundle/dockerfile/expand.ts'

const scope: Scope = new Map([
  ['PORT', { from: 'ENV', value: '8080' }],
  ['EMPTY', { from: 'ARG', value: '' }],
  ['BASE', { from: 'ENV', value: undefined }],
])

test.each([
  ['$PORT/tcp', '8080/tcp'],
  ['a${PORT}b', 'a8080b'],
  ['${EMPTY:-90}', '90'],
  ['${UNSET:-90}', '90'],
  ['${UNSET:-${PORT}}', '8080'],
  ['${PORT:+set}', 'set'],
  ['${EMPTY:+set}', ''],
  ['${PORT+set}', 'set'],
  ['\\$PORT', '$PORT'],
  ['"$PORT"', '8080'],
  ['$EMPTY', ''],
  ['a\\ b', 'a\\ b'],
])('%s is %s', (text, expected) => {
  expect(expand(text, scope)).toBe(expected)
})

test.each(['$UNSET', '${UNSET}/x', '$BASE', 'a$PORT$UNSET'])('%s is not known', (text) => {
  expect(expand(text, scope)).toBeUndefined()
})
