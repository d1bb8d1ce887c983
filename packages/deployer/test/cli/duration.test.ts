import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDuration } from '../../src/cli/duration.ts'

it('reads what people write', () => {
  expect(['90s', '10m', '1h', '1h30m', '2m05s'].map(parseDuration)).toEqual([
    90_000, 600_000, 3_600_000, 5_400_000, 125_000,
  ])
})

it.each(['', '10', 'm', '10 m', '-5m', '1.5h', '10min', '0s', '5d', '99999999h', '10M'])(
  'takes no %j',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

it('adds its parts up, whatever they are', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(999), fc.integer({ min: 1, max: 9_999 }), (h, m, s) => {
      expect(parseDuration(`${h}h${m}m${s}s`)).toBe((h * 3600 + m * 60 + s) * 1000)
    }),
  )
})
