import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readJson } from '../../src/document/json-document.ts'
import { nearest } from '../../src/document/nearest.ts'
import { excerpt, positionAt } from '../../src/document/position.ts'

test('every document that JSON.parse takes gives the same value, unless a key stands in it twice', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, indent) => {
      const written = JSON.stringify(JSON.parse(text), null, indent)
      const result = readJson(written, z.unknown())
      expect('value' in result && result.value).toEqual(JSON.parse(written))
    }),
  )
})

test('every other text is refused with a place inside of it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', '"a"', ':', ',', '1', ' ', '\n', '//', 'x') }),
      (text) => {
        const result = readJson(text, z.unknown())
        if ('value' in result) expect(() => void JSON.parse(text)).not.toThrow()
        else expect(result.problem.position.line).toBeLessThanOrEqual(text.split('\n').length)
      },
    ),
  )
})

test('a place is told of a value, and of what is closest to it', () => {
  const result = readJson('{\n  "a": [1, {"b": 2}]\n}', z.unknown())
  if (!('value' in result)) throw new Error('was refused')
  expect(result.positionOf(['a', 1, 'b'])).toEqual({ line: 2, column: 18 })
  expect(result.positionOf(['a', 9])).toEqual({ line: 2, column: 8 })
})

test('a caret stands below the place, also behind tabs, in long lines and before CRLF', () => {
  expect(excerpt('\t\tx\r\n', { line: 1, column: 3 })).toEqual(['1 | \t\tx', '  | \t\t^'])
  const [line, caret] = excerpt(`${'a'.repeat(300)}!${'b'.repeat(300)}`, { line: 1, column: 301 })
  expect(line?.length).toBeLessThan(110)
  expect(line?.[caret?.indexOf('^') ?? 0]).toBe('!')
  expect(positionAt('a\nbc', 3)).toEqual({ line: 2, column: 2 })
})

test('the nearest name is one with few other letters, or none', () => {
  expect(nearest('enviroments', ['env', 'environments'])).toBe('environments')
  expect(nearest('INSTANCETYPE', ['instanceType'])).toBe('instanceType')
  expect(nearest('colour', ['env', 'build'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})

test('a document in UTF-16 is told as that', () => {
  const text = Buffer.from('\ufeff{"a":1}', 'utf16le').toString('utf8')
  expect(readJson(text, z.unknown())).toMatchObject({
    problem: { message: 'the file is in UTF-16; save it as UTF-8', position: { line: 1 } },
  })
})
