import { expect, it } from 'vitest'
import { formatDuration } from '../../src/report/duration.ts'

it.each([
  [-5, '0.0 s'],
  [0, '0.0 s'],
  [440, '0.4 s'],
  [9_940, '9.9 s'],
  [9_960, '10 s'],
  [59_600, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [3_599_900, '1 h 00 min'],
  [3_720_000, '1 h 02 min'],
])('says %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
