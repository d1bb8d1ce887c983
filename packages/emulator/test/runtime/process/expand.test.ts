import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandWord, ExpansionFailed, splitWords } from '../../../src/runtime/process/expand.ts'

const values: Record<string, string> = { NAME: 'web', EMPTY: '', PORT: '80' }
const expand = (text: string, escape = '\\') => expandWord(text, (name) => values[name], escape)

test.each([
  ['$NAME-${PORT}', 'web-80'],
  ['${NONE:-a}${EMPTY:-b}${EMPTY-c}', 'ab'],
  ['${NAME:+is set}${NONE:+not}${EMPTY+set}', 'is setset'],
  ['${NONE:-${NAME}-$PORT}', 'web-80'],
  [`'$NAME' "$NAME" \\$NAME`, '$NAME web $NAME'],
  ['"a \\" b \\n c"', 'a " b \\n c'],
  ['cost: 5$', 'cost: 5$'],
  ['$$NAME', '$web'],
  [`it"'"s`, "it's"],
])('%s is expanded to %s', (text, expected) => {
  expect(expand(text)).toBe(expected)
})

test('the escape character is the one of the directive', () => {
  expect(expand('C:\\dir `$NAME', '`')).toBe('C:\\dir $NAME')
})

test.each(['${NAME', '${NONE:?must be given}', '${1a%x}'])('%s can not be expanded', (text) => {
  expect(() => expand(text)).toThrow(ExpansionFailed)
})

test('the message of a required variable is told', () => {
  expect(() => expand('${NONE:?must be given}')).toThrow('NONE: must be given')
})

test('a value in single quotes always arrives as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes("'"))
      expect(expand(`'${text}'`)).toBe(text)
    }),
  )
})

test('words that are quoted are split as they were put together', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !/['\\]/.test(text))
  fc.assert(
    fc.property(fc.array(word), fc.constantFrom(' ', '\t', '   '), (words, gap) => {
      const text = words.map((each) => `'${each}'`).join(gap)
      expect(splitWords(text, '\\').map((each) => expand(each))).toEqual(words)
    }),
  )
})

test('no text makes it hang or fail in an unknown way', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        splitWords(text, '\\').map((each) => expand(each))
      } catch (error) {
        expect(error).toBeInstanceOf(ExpansionFailed)
      }
    }),
  )
})
