import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presentedToken } from '../../src/auth/authorization-header.ts'

const asOnTheWire = (token: string) => Buffer.from(token, 'utf8').toString('latin1')
/** What a header can carry, and doesn't lose: no control characters, no white space around it. */
const token = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
  .filter((text) => !/[\x00-\x08\x0A-\x1F\x7F]/.test(text) && !/^[ \t]|[ \t]$/.test(text))
const scheme = fc.mixedCase(fc.constant('token'))
const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 4 })

describe('the token in an Authorization header', () => {
  it('is read byte for byte, whatever the case of the scheme and the white space around it', () => {
    fc.assert(
      fc.property(scheme, blanks, token, blanks, (word, before, text, after) => {
        const header = `${word} ${before}${asOnTheWire(text)}${after}`
        expect(presentedToken(header)?.toString('utf8')).toBe(text)
      }),
    )
  })

  it('never is what another scheme says', () => {
    const other = fc
      .string({ unit: fc.constantFrom(...'abceknotTOKEN-'), maxLength: 8 })
      .filter((word) => word.toLowerCase() !== 'token')
    fc.assert(
      fc.property(other, token, (word, text) => {
        expect(presentedToken(`${word} ${asOnTheWire(text)}`)).toBeUndefined()
      }),
    )
  })

  it('is read from any header without throwing, and is never empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        expect(presentedToken(header)?.length ?? 1).toBeGreaterThan(0)
      }),
    )
  })

  it.each([
    undefined,
    '',
    ' ',
    'Token',
    'token ',
    'Token \t ',
    'Token\tsegredo',
    'Bearer segredo',
    'Tokensegredo',
    'segredo',
    ' Token segredo',
  ])('is not there in %j', (header) => expect(presentedToken(header)).toBeUndefined())

  it('keeps a byte that Latin-1 takes for a blank, as the last one of "à" in UTF-8', () => {
    expect(presentedToken(`Token ${asOnTheWire('senhà')}`)?.toString('utf8')).toBe('senhà')
  })

  it('is read from a header full of blanks as fast as from any other', () => {
    const header = `Token a${' '.repeat(200_000)}b`
    const start = performance.now()
    expect(presentedToken(header)?.length).toBe(200_002)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})
