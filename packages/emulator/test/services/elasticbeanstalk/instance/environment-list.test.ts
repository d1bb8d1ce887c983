import fc from 'fast-check'
import { expect, test } from 'vitest'
import { containerEnvironment } from '../../../../src/services/elasticbeanstalk/instance/environment-list.ts'

const settings = (properties: Record<string, string>) =>
  Object.entries(properties).map(([name, value]) => ({
    namespace: 'aws:elasticbeanstalk:application:environment',
    name,
    value,
  }))

test('a property of one line reaches the container byte for byte', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,30}$/)
  const value = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((text) => !/[\r\n]/.test(text))
  fc.assert(
    fc.property(fc.dictionary(name, value), (properties) => {
      expect(containerEnvironment(settings(properties))).toEqual({ ...properties })
    }),
  )
})

// What `docker run --env-file` of 20.10 and 28.2 sends to its engine for the lines NAME=value.
test.each<[string, Record<string, string>, Record<string, string>]>([
  ['quotes, signs and blanks stay', { A: ' "x" #$\\ ' }, { A: ' "x" #$\\ ' }],
  [
    'of a value with a newline the first line arrives',
    { A: 'first\nsecond', B: 'x' },
    { A: 'first', B: 'x' },
  ],
  ['a later line with a = is a variable of its own', { A: 'one\n \tB=2' }, { A: 'one', B: '2' }],
  ['a later line that begins with # is a comment', { A: 'one\n# two three' }, { A: 'one' }],
  ['one carriage return at the end of a line goes', { A: 'x\r', B: 'x\r\r' }, { A: 'x', B: 'x\r' }],
  ['carriage returns within a line stay', { A: 'x\ry' }, { A: 'x\ry' }],
  ['of two lines of one name the last counts', { A: 'x\nB=1', B: '2' }, { A: 'x', B: '2' }],
  ['names that no shell takes', { 'a.b': '1', 'my-var': '2' }, { 'a.b': '1', 'my-var': '2' }],
  ['a next line is white space of Go’s kind', { A: 'x\n\u0085B=1' }, { A: 'x', B: '1' }],
  ['a line of 65,535 bytes', { A: 'x'.repeat(65_533) }, { A: 'x'.repeat(65_533) }],
])('%s', (_, properties, arrived) => {
  expect(containerEnvironment(settings(properties))).toEqual(arrived)
})

test.each<[string, Record<string, string>, string]>([
  [
    'a later line with a blank and no = before it',
    { PEM: '-----BEGIN X-----\nMII abc\n-----END X-----' },
    "poorly formatted environment: variable '[redacted]' contains whitespaces.",
  ],
  [
    'a later line with a blank before its =',
    { PEM: 'x\nexport C=1' },
    "poorly formatted environment: variable '[redacted]' contains whitespaces.",
  ],
  [
    'a later line whose blank no trimming takes away',
    { PEM: 'x\n\uFEFFB C' },
    "poorly formatted environment: variable '[redacted]' contains whitespaces.",
  ],
  [
    'a later line without a name',
    { PEM: 'x\n=1' },
    "poorly formatted environment: no variable name on line '[redacted]'.",
  ],
  ['a line of 65,536 bytes', { PEM: 'x'.repeat(65_532) }, 'bufio.Scanner: token too long.'],
])('docker refuses the whole file for %s', (_, properties, message) => {
  expect(() => containerEnvironment(settings({ A: '1', ...properties }))).toThrow(
    expect.objectContaining({ message, property: 'PEM' }),
  )
})
