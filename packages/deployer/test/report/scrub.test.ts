import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sensitive } from '../../src/config/sensitive.ts'
import { scrubber as ofThisProcess } from '../../src/cli/secrets.ts'
import { serialise } from '../../src/report/json.ts'
import { Revealed, Scrubber } from '../../src/report/scrub.ts'
import { memoryStream } from './memory-stream.ts'

function holding(...values: string[]): Scrubber {
  const scrubber = new Scrubber()
  for (const value of values) scrubber.hold(value)
  return scrubber
}

describe('a text that quotes a secret', () => {
  it('has a hole in its place', () => {
    const message = 'Invalid option value: "a,b=c \\d$e" (Namespace: x)'
    expect(holding('a,b=c \\d$e').scrub(message)).toBe('Invalid option value: "[redacted]" (Namespace: x)')
  })

  it.each([
    ['JSON', (value: string) => JSON.stringify({ value })],
    ['a URL', (value: string) => `https://x/?p=${encodeURIComponent(value)}`],
    [
      'XML',
      (value: string) =>
        `<V>${value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')}</V>`,
    ],
  ])('has it when the secret is written as in %s', (_, write) => {
    const secret = 'p"ß<&> \\w%d'
    const scrubbed = holding(secret).scrub(write(secret))
    expect(scrubbed).toContain('[redacted]')
    expect(scrubbed).not.toContain('ß')
  })

  it('never keeps a value of eight characters or more, whatever stands around it', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
    fc.assert(
      fc.property(fc.string(), value, fc.string(), (before, secret, after) => {
        fc.pre(!'[redacted]'.includes(secret))
        expect(holding(secret).scrub(before + secret + after)).not.toContain(secret)
      }),
    )
  })

  it('takes the longer of two out whole', () => {
    expect(holding('password', 'password-of-old').scrub('x password-of-old y')).toBe('x [redacted] y')
  })
})

describe('a short value', () => {
  it('is taken out where it stands alone, and not out of names that hold it', () => {
    const scrubber = holding('test')
    expect(scrubber.scrub('token "test" was refused')).toBe('token "[redacted]" was refused')
    expect(scrubber.scrub('http://shop-test.us-east-1 tests latest test-1')).toBe(
      'http://shop-test.us-east-1 tests latest test-1',
    )
  })

  it('of up to three characters is left: holes in every word would betray it', () => {
    expect(holding('a', 'on', 'abc', '').scrub('abc on a')).toBe('abc on a')
  })
})

it('knows every value that becomes Sensitive in this process', () => {
  const sensitive = new Sensitive('correct horse battery staple')
  expect(ofThisProcess.scrub(`AWS said: ${sensitive.reveal()}`)).toBe('AWS said: [redacted]')
})

it('guards whatever is written to a stream', () => {
  const { stream, text } = memoryStream({ scrubber: holding('s3cret-token') })
  stream.line('it is s3cret-token')
  expect(text()).toBe('it is [redacted]\n')
})

describe('a document', () => {
  it('stays one when a secret is a part of JSON itself', () => {
    const scrubber = holding('": "', 'null', '"error"', '123456')
    const document = { error: { code: 'X', cause: null, message: 'got ": " and null', port: 123456 } }
    expect(JSON.parse(serialise(document, scrubber))).toEqual({
      error: { code: 'X', cause: null, message: 'got [redacted] and [redacted]', port: 123456 },
    })
  })

  it('holds a value that was asked for, and no other', () => {
    const document = {
      value: new Revealed('hunter22'),
      other: new Sensitive('hunter22'),
      text: 'is hunter22',
    }
    expect(JSON.parse(serialise(document, holding('hunter22')))).toEqual({
      value: 'hunter22',
      other: '[redacted]',
      text: 'is [redacted]',
    })
  })
})
