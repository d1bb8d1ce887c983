import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Interrupted, LucreeError } from '../../src/errors.ts'
import { createStyle } from '../../src/report/style.ts'
import { failureLines, printable } from '../../src/report/wording.ts'

const plain = createStyle(false)

describe('a failure', () => {
  it('is what happened and why, then the evidence, what serves, and what to run next', () => {
    const error = new LucreeError('api-production was not brought to v2.', {
      code: 'LUC-APP-CRASH',
      exitCode: 7,
      why: 'the application ended with code 78',
      evidence: ['LUCREE_PASSWD is not set', '\u001b[31mnpm ERR!\u001b[0m'],
      serving: 'nothing',
      hints: ['lucree env set LUCREE_PASSWD', 'lucree logs'],
    })
    expect(failureLines(error, plain)).toEqual([
      'Error: api-production was not brought to v2: the application ended with code 78. [LUC-APP-CRASH]',
      '  | LUCREE_PASSWD is not set',
      '  | npm ERR!',
      'Serving now: nothing',
      'Next: lucree env set LUCREE_PASSWD',
      '  or: lucree logs',
    ])
  })

  it("that was the user's own wish is called no error", () => {
    expect(failureLines(new Interrupted(), plain)).toEqual(['Interrupted. [LUC-INTERRUPTED]'])
  })

  it('says the same without colour as with it', () => {
    const error = new LucreeError('It failed', { code: 'X', exitCode: 5, hints: ['again'], evidence: ['e'] })
    const coloured = failureLines(error, createStyle(true))
    expect(coloured.join()).toContain('\u001b[')
    expect(coloured.map(printable)).toEqual(failureLines(error, plain))
  })
})

it("lets no control character of somebody else's text reach the terminal", () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    }),
  )
  expect(printable('a\u001b[2Jb\rc\nd\te')).toBe('ab c d e')
})
