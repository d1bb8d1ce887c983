import fc from 'fast-check'
import { expect, test } from 'vitest'
import { added } from '../../src/deploy/read-logs.ts'

test('following a log shows what was added, whole and once, though only its last lines are ever seen', () => {
  fc.assert(
    fc.property(fc.nat(120), fc.nat(90), (before, more) => {
      const lines = Array.from({ length: before + more }, (_, at) => `line ${at}`)
      const seen = lines.slice(0, before).slice(-100)
      expect(added(seen, lines.slice(-100))).toEqual(lines.slice(before).slice(-100))
    }),
  )
})

test('a log that has nothing in common with what was seen is shown whole: it is a new container’s', () => {
  expect(added(['old 1', 'old 2'], ['new 1'])).toEqual(['new 1'])
})
