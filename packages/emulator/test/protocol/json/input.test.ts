import { DescribeLogStreams$, FilterLogEvents$, PutLogEvents$ } from '@aws-sdk/client-cloudwatch-logs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../../../src/protocol/json/input.ts'
import { writeJson } from '../../../src/protocol/json/output.ts'
import { operationOf } from '../../../src/protocol/schema.ts'
import { ServiceError } from '../../../src/services/service.ts'

const { input: filter, output } = operationOf(FilterLogEvents$)
const { input: put } = operationOf(PutLogEvents$)
const read = (text: string, schema = filter) => readJson(schema, Buffer.from(text))

test('members that the model does not know are passed over, and null is nothing', () => {
  expect(read('{"logGroupName":"a","colour":"red","limit":null}')).toEqual({ logGroupName: 'a' })
  expect(read('')).toEqual({})
})

test('a required member that is missing is told by its path', () => {
  expect(() => read('{"logGroupName":"g","logStreamName":"s","logEvents":[{"message":"m"}]}', put)).toThrow(
    "1 validation error detected: Value null at 'logEvents.1.timestamp' failed to satisfy constraint: Member must not be null",
  )
})

test.each([
  '{',
  '[]',
  '1',
  '{"limit":"1"}',
  '{"logStreamNames":"a"}',
  '{"interleaved":1}',
  '{"logGroupName":{}}',
])('the wrong kind of value is refused: %s', (text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'SerializationException' }))
})

test('no JSON at all makes it fail otherwise than by a ServiceError', () => {
  const names = [
    'logGroupName',
    'logStreamNames',
    'startTime',
    'limit',
    'interleaved',
    '__proto__',
    'constructor',
  ]
  const value = fc.letrec((tie) => ({
    any: fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 4 })),
  })).any
  fc.assert(
    fc.property(value, (given) => {
      for (const schema of [filter, put, operationOf(DescribeLogStreams$).input]) {
        try {
          read(JSON.stringify(given), schema)
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError)
        }
      }
    }),
  )
})

test('an answer is written as the model names it, without what is undefined', () => {
  const events = [{ logStreamName: 's', timestamp: 1, message: 'a "b" \u0000', ingestionTime: undefined }]
  expect(JSON.parse(writeJson(output, { events, nextToken: undefined }))).toEqual({
    events: [{ logStreamName: 's', timestamp: 1, message: 'a "b" \u0000' }],
  })
})
