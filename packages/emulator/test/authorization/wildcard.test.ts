import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arnFits, fits, fitsAnyCase } from '../../src/authorization/wildcard.ts'

const signs = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '*', '?', '.', '('), maxLength: 12 })
const plain = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '.', '('), maxLength: 12 })

/** The same by a regular expression: right by its form, slow at worst. */
const byExpression = (pattern: string, text: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text)

test('a pattern fits exactly what the regular expression of it fits', () => {
  fc.assert(
    fc.property(signs, plain, (pattern, text) => {
      expect(fits(pattern, text)).toBe(byExpression(pattern, text))
    }),
    { numRuns: 2000 },
  )
})

test('a text with parts left out by stars still fits', () => {
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 5 }), fc.array(plain), (kept, filling) => {
      const text = kept
        .map((part, index) => part + (index < kept.length - 1 ? (filling[index] ?? '') : ''))
        .join('')
      expect(fits(kept.join('*'), text)).toBe(true)
    }),
  )
})

test('a hundred stars against a long text that does not fit take no time', () => {
  const started = performance.now()
  expect(fits(`${'*a'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('actions are compared without regard to case, resources with it', () => {
  expect(fitsAnyCase('S3:get*', 's3:GetObject')).toBe(true)
  expect(fits('arn:aws:s3:::Bucket', 'arn:aws:s3:::bucket')).toBe(false)
})

test('a star in an ARN condition stays within its part', () => {
  expect(arnFits('arn:aws:ec2:*:*:launch-template/*', 'arn:aws:ec2:us-east-1:1:launch-template/lt-1')).toBe(
    true,
  )
  expect(arnFits('arn:aws:*:launch-template/*', 'arn:aws:ec2:us-east-1:1:launch-template/lt-1')).toBe(false)
})
