import { describe, expect, test } from 'vitest'
import { PROPERTIES } from '../../src/beanstalk/option-settings.ts'
import { rememberedOptions } from '../../src/beanstalk/releases/release-options.ts'
import type { ReleaseRecord } from '../../src/beanstalk/releases/release-record.ts'
import { undoOfProperties, undoWith, wayBackTo } from '../../src/deploy/undo.ts'

const key = 'a'.repeat(64)
const properties = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ namespace: PROPERTIES, name, value }))
const variables = { SALT: { secret: true, required: true } }

/** How the change from one set of properties to another is undone, when the first one's release is the last good one. */
function undo(before: Record<string, string>, after: Record<string, string>, known = key) {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  )
  const release = {
    ...{ number: 4, version: 'v1', savedConfiguration: 'lucree-shop-4' },
    ...rememberedOptions(properties(before), known),
    withheld: Object.keys(before).filter((name) => /TOKEN|SALT/.test(name)),
  } as ReleaseRecord
  const back = wayBackTo(release, { version: 'v1', settings: properties(after), changed }, { variables, key })
  return undoOfProperties(back, { changed, before: properties(before), variables })
}

describe('a change of properties is undone by', () => {
  const earlier = (names: string, values = 'its earlier value, which is kept nowhere') =>
    `lucree env set ${names}   # with ${values}`

  test.each([
    ['a plain value that changed', { A: '1' }, { A: '2' }, 'lucree rollback 4'],
    ['a plain one that is new', {}, { A: '2' }, 'lucree rollback 4'],
    ['a plain one that went', { A: '1' }, {}, 'lucree rollback 4'],
    ['a secret that changed', { API_TOKEN: '1' }, { API_TOKEN: '2' }, earlier('API_TOKEN')],
    ['a secret that went', { API_TOKEN: '1' }, {}, earlier('API_TOKEN')],
    ['a secret that is new', {}, { API_TOKEN: '2' }, 'lucree env unset API_TOKEN'],
    ['one that the project file declares and requires', {}, { SALT: '2' }, 'lucree env unset SALT --yes'],
    [
      'two secrets',
      { API_TOKEN: '1', SALT: '1' },
      { API_TOKEN: '2', SALT: '2' },
      earlier('API_TOKEN SALT', 'their earlier values, which are kept nowhere'),
    ],
    [
      'a new and an old secret',
      { API_TOKEN: '1' },
      { API_TOKEN: '2', B_TOKEN: '2' },
      `lucree env unset B_TOKEN && ${earlier('API_TOKEN')}`,
    ],
    [
      'both kinds',
      { A: '1', API_TOKEN: '1' },
      { A: '2', API_TOKEN: '2' },
      'lucree rollback 4   # API_TOKEN stays as it is now',
    ],
  ] as [string, Record<string, string>, Record<string, string>, string][])(
    '%s',
    (_what, before, after, way) => {
      expect(undo(before, after)).toBe(way)
    },
  )

  test('going back, when another user’s key made the fingerprints', () => {
    expect(undo({ A: '1' }, { A: '2' }, 'b'.repeat(64))).toBe('lucree rollback 4')
  })
})

test('without a release that worked, and where going back would change nothing, no rollback is promised', () => {
  const after = { version: 'v1', settings: properties({ A: '1' }), changed: ['A'] }
  expect(wayBackTo(undefined, after, { variables, key })).toEqual({ rollback: undefined, staying: ['A'] })
  const same = {
    ...{ number: 4, version: 'v1', savedConfiguration: 'lucree-shop-4', withheld: [] },
    ...rememberedOptions(after.settings, key),
  } as unknown as ReleaseRecord
  const back = wayBackTo(same, after, { variables, key })
  expect(back.rollback).toBeUndefined()
  expect(undoWith(back)).toBeUndefined()
})

test('a release that kept no values brings none back', () => {
  const bare = {
    ...{ number: 4, version: 'v1', savedConfiguration: null, withheld: [] },
    ...rememberedOptions(properties({ A: '1', B: '1' }), key),
  } as unknown as ReleaseRecord
  const after = { version: 'v2', settings: properties({ A: '2', B: '1' }), changed: ['A'] }
  expect(undoWith(wayBackTo(bare, after, { variables, key }))).toBe(
    'lucree rollback 4   # A stays as it is now',
  )
})
