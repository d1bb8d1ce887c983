import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Sensitive } from '../../src/config/sensitive.ts'
import { checkTotalSize, checkVariableName, checkVariableValue } from '../../src/config/variables.ts'
import { refusal } from './refusal.ts'

describe('a value that would not arrive byte for byte is refused:', () => {
  test.each([
    ['', 'LUC-USAGE-VALUE-EMPTY', 'lucree env unset TOKEN'],
    ['two\nlines', 'LUC-USAGE-VALUE-LINES', 'base64'],
    ['two\rlines', 'LUC-USAGE-VALUE-LINES', 'base64'],
    ['nul\0', 'LUC-USAGE-VALUE-CONTROL', 'base64'],
    ['esc\u001b[0m', 'LUC-USAGE-VALUE-CONTROL', 'base64'],
    ['half \ud800', 'LUC-USAGE-VALUE-UTF8', 'base64'],
  ])('%j with %s and the way out', (value, code, mend) => {
    const error = refusal(() => checkVariableValue('TOKEN', new Sensitive(value)))
    expect(error.code).toBe(code)
    expect(error.exitCode).toBe(2)
    expect(error.hints.join()).toContain(mend)
  })

  test('and never shown', () => {
    const error = refusal(() => checkVariableValue('TOKEN', new Sensitive('hunter2\nhunter3')))
    expect(JSON.stringify([error.message, error.why, error.hints, error.evidence])).not.toContain('hunter')
  })
})

test('every other text is accepted', () => {
  const carried = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text))
  fc.assert(fc.property(carried, (text) => checkVariableValue('A', new Sensitive(text))))
  checkVariableValue('A', new Sensitive('a,b=c "d" $e \\ ü\ttab'))
})

describe('all properties together', () => {
  const of = (bytes: number) => ({ TOKEN: new Sensitive('x'.repeat(bytes - 'TOKEN='.length)) })

  test('may have 4,096 bytes', () => {
    checkTotalSize(of(4096))
  })

  test('may not have 4,097, and the largest are named', () => {
    const error = refusal(() => checkTotalSize({ ...of(4093), A: new Sensitive('ü') }))
    expect(error.message).toBe('The environment properties have 4097 bytes together, 1 too many')
    expect(error.evidence).toEqual(['TOKEN: 4093 bytes', 'A: 4 bytes'])
  })
})

describe('a variable name', () => {
  test.each(['TOKEN', 'a.b/c', 'X_1', 'a:b+c@d-e\\f'])('%s is accepted', (name) => {
    checkVariableName(name)
  })

  test.each([
    ['MY TOKEN', 'For example: MY_TOKEN'],
    ['a=b', 'For example: A_B'],
    ['', 'For example: API_TOKEN'],
    ['tokén', 'For example: TOK_N'],
  ])('%j is refused with one that would do', (name, hint) => {
    expect(refusal(() => checkVariableName(name)).hints).toEqual([hint])
  })
})
