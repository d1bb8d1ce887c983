import * as sdk from '@aws-sdk/client-elastic-beanstalk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asTree, readForm } from '../../../src/protocol/query/form.ts'
import { readInput } from '../../../src/protocol/query/input.ts'
import { operationOf } from '../../../src/protocol/schema.ts'
import { ServiceError } from '../../../src/services/service.ts'

const { input } = operationOf(sdk.UpdateEnvironment$)
const { input: events } = operationOf(sdk.DescribeEvents$)
const read = (form: string, schema = input) => readInput(schema, asTree(readForm(Buffer.from(form))))
const refusal = (form: string, schema = input) => {
  try {
    return { read: read(form, schema) }
  } catch (error) {
    return error
  }
}

test('list items count in the order of their numbers, with gaps and from any side', () => {
  const form =
    'OptionSettings.member.10.Value=b&OptionSettings.member.2.Value=a&OptionSettings.member.11.Value=c'
  expect(read(form)).toEqual({ OptionSettings: [{ Value: 'a' }, { Value: 'b' }, { Value: 'c' }] })
})

test('an empty list is told from no list', () => {
  expect(read('OptionSettings=')).toEqual({ OptionSettings: [] })
  expect(read('')).toEqual({})
})

test('a time without a zone is UTC, one in seconds is read too', () => {
  const StartTime = new Date('2026-11-22T10:00:00Z')
  expect(read('StartTime=2026-11-22T10:00:00', events)).toEqual({ StartTime })
  expect(read('StartTime=2026-11-22T12%3A00%3A00%2B02%3A00', events)).toEqual({ StartTime })
  expect(read(`StartTime=${StartTime.getTime() / 1000}`, events)).toEqual({ StartTime })
})

test.each([
  ['an unknown parameter', 'Nonsense=1', 'Unknown parameter: Nonsense'],
  [
    'an unknown member',
    'OptionSettings.member.1.Nonsense=1',
    'Unknown parameter: optionSettings.1.member.Nonsense',
  ],
  ['a member of a string', 'Description.x=1', 'Unknown parameter: description.x'],
  ['a value for a list', 'OptionSettings=x', 'a list was expected'],
  ['a value for a structure', 'Tier=x', 'a structure was expected'],
  ['an index that is no number', 'OptionSettings.member.x.Value=1', 'Invalid list index'],
  ['an index of zero', 'OptionSettings.member.0.Value=1', 'Invalid list index'],
  ['a list without member', 'OptionSettings.1.Value=1', 'Unknown parameter'],
])('%s is refused with ValidationError', (_what, form, message) => {
  expect(refusal(form)).toMatchObject({ code: 'ValidationError', message: expect.stringContaining(message) })
})

test.each(['MaxRecords=x', 'MaxRecords=', 'StartTime=yesterday', 'StartTime=2026-13-40T00:00:00Z'])(
  '%s is refused with ValidationError',
  (form) => {
    expect(refusal(form, events)).toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(/'\w+'/),
    })
  },
)

test.each(['Description=%ff', 'Description=%e0%a4', 'Description=%', 'Description=a&Description=b'])(
  '%s is refused with MalformedQueryString',
  (form) => {
    expect(refusal(form)).toMatchObject({ code: 'MalformedQueryString' })
  },
)

test('no bytes at all make it fail otherwise than by a ServiceError', () => {
  const piece = fc.constantFrom(
    'OptionSettings',
    '.member',
    '.1',
    '.Value',
    '=',
    '&',
    '%',
    '%41',
    'Tier',
    '.Name',
    '__proto__',
    '.',
    '\u00ff',
  )
  const form = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(form, (bytes) => {
      const outcome = refusal(bytes)
      expect(outcome instanceof ServiceError || (outcome as { read?: object }).read !== undefined).toBe(true)
    }),
  )
})
