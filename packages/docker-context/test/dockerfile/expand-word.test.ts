import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DockerfileError, UNKNOWN, expandWord, splitWords } from '../../src/index.ts'

const values: Record<string, string> = {
  NAME: 'web',
  EMPTY: '',
  PORT: '80',
  FILE: 'foo.tar.gz',
  PAIR: 'a😀b',
}
const lookup = (name: string) => (name === 'BASE' ? UNKNOWN : values[name])
const expand = (text: string, escape = '\\') => expandWord(text, lookup, escape)

test.each([
  ['$NAME-${PORT}', 'web-80'],
  ['${NONE:-a}${EMPTY:-b}${EMPTY-c}', 'ab'],
  ['${NAME:+is set}${NONE:+not}${EMPTY+set}', 'is setset'],
  ['${NONE:-${NAME}-$PORT}', 'web-80'],
  [`'$NAME' "$NAME" \\$NAME`, '$NAME web $NAME'],
  ['"a \\" b \\n c"', 'a " b \\n c'],
  ['cost: 5$', 'cost: 5$'],
  ['$$NAME', 'NAME'],
  ['$-x', 'x'],
  [`it"'"s`, "it's"],
  ['${FILE#*.} ${FILE##*.} ${FILE%.*} ${FILE%%.*}', 'tar.gz gz foo.tar foo'],
  ['${FILE/o/0} ${FILE//o/0} ${FILE//./}', 'f0o.tar.gz f00.tar.gz footargz'],
  // An empty match counts between any two characters (run: BuildKit of Docker 26.1.5).
  ['${NAME///-} ${PAIR///-} ${FILE//*/-}', '-w-e-b- -a-😀-b- -'],
])('%s is expanded to %s', (text, expected) => {
  expect(expand(text)).toBe(expected)
})

test('the escape character is the one of the directive', () => {
  expect(expand('C:\\dir `$NAME', '`')).toBe('C:\\dir $NAME')
})

test.each([
  '$BASE',
  '${BASE:-x}',
  '${BASE:?no}',
  '${NONE:-$BASE}',
  '${BASE%.*}',
  '"a$BASE"',
  '${NAME/w/$BASE}',
])('%s depends on something unknown, so it has no value and is not refused', (text) => {
  expect(expand(text)).toBeUndefined()
})

test('a value that grows beyond what anybody means counts as unknown, however it grows', () => {
  const long = (name: string) => (name === 'L' ? 'x'.repeat(100_000) : undefined)
  expect(expandWord('$L$L', long, '\\')).toHaveLength(200_000)
  expect(expandWord('$L'.repeat(50), long, '\\')).toBeUndefined()
  expect(expandWord('${L//x/'.padEnd(107, 'y') + '}', long, '\\')).toBeUndefined()
})

test('what a default hides is not needed', () => {
  expect(expand('${NAME:-$BASE}')).toBe('web')
})

test.each([
  ['${NAME', 'failed to process "${NAME": unsupported modifier (\uFFFD) in substitution'],
  ['${NONE:?must be given}', 'failed to process "${NONE:?must be given}": NONE: must be given'],
  ['${EMPTY:?}', 'failed to process "${EMPTY:?}": EMPTY: is not allowed to be empty'],
  ['${BASE^}', 'failed to process "${BASE^}": unsupported modifier (^) in substitution'],
  [
    '"$NAME',
    'failed to process "\\"$NAME": unexpected end of statement while looking for matching double-quote',
  ],
  [
    '${NAME#\\a}',
    'failed to process "${NAME#\\\\a}": invalid pattern (\\a) in substitution: invalid escape \'\\a\'',
  ],
])('%s is refused as by BuildKit', (text, message) => {
  expect(() => expand(text)).toThrow(new DockerfileError(message, 0))
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

test('a pattern matches what a step-by-step comparison says', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), minLength: 1, maxLength: 5 })
  const matches = (value: string, shape: string): boolean => {
    if (shape === '') return value === ''
    if (shape.startsWith('*')) {
      return matches(value, shape.slice(1)) || (value !== '' && matches(value.slice(1), shape))
    }
    return (
      value !== '' &&
      (shape.startsWith('?') || shape.charAt(0) === value.charAt(0)) &&
      matches(value.slice(1), shape.slice(1))
    )
  }
  fc.assert(
    fc.property(text, pattern, (value, shape) => {
      const heads = Array.from({ length: value.length + 1 }, (_, at) => at).filter((at) =>
        matches(value.slice(0, at), shape),
      )
      const tails = Array.from({ length: value.length + 1 }, (_, at) => at).filter((at) =>
        matches(value.slice(at), shape),
      )
      const cut = (modifier: string) => expandWord(`\${V${modifier}${shape}}`, () => value, '\\')
      expect(cut('#')).toBe(value.slice(heads.at(0) ?? 0))
      expect(cut('##')).toBe(value.slice(heads.at(-1) ?? 0))
      expect(cut('%')).toBe(value.slice(0, tails.at(-1) ?? value.length))
      expect(cut('%%')).toBe(value.slice(0, tails.at(0) ?? value.length))
    }),
  )
})
