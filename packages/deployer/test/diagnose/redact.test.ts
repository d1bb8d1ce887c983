import { expect, test } from 'vitest'
import { redactor } from '../../src/diagnose/redact.ts'

const secret = (value: string) => ({ reveal: () => value })
const redact = redactor([])

test.each([
  ['an Authorization header', 'Authorization: Token s3cr3t-value', 's3cr3t-value'],
  ['a header in JSON', '{"authorization":"Bearer abc.def.ghi","path":"/"}', 'abc.def'],
  ['a bearer token', 'sent Bearer abcdefghijklmnop to upstream', 'abcdefghijklmnop'],
  ['a password that is assigned', 'connecting with password=hunter22 host=db', 'hunter22'],
  ['a password in JSON', '{"DB_PASSWORD":"hunter22","level":30}', 'hunter22'],
  ['a password in a URL', 'postgres://orders:hunter22@db:5432/orders', 'hunter22'],
  ['a password with an at sign in a URL', 'postgres://orders:hunt@er22@db:5432/orders', 'er22'],
  ['a token in a URL', 'https://ghs-token-value@github.example/x.git', 'ghs-token-value'],
  ['an access key', 'AKIAIOSFODNN7EXAMPLE is not valid', 'AKIAIOSFODNN7EXAMPLE'],
  ['a secret key', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
  ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJzdWIi'],
  ['a presigned address', 'GET /x?X-Amz-Signature=abcdef0123&x=1', 'abcdef0123'],
  ['a line of a key', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj', 'MIIEvQ'],
])('%s is taken out', (_, line, value) => {
  expect(redact(line)).not.toContain(value)
  expect(redact(line)).toContain('[redacted]')
})

test.each([
  'DATABASE_URL is not set',
  'DB_PASSWORD: must be set',
  'SyntaxError: Unexpected token < in JSON at position 0',
  'User is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:1:secret:shop-AbCdEf',
  'Error: connect ECONNREFUSED 10.0.3.7:5432',
  'upstream: "http://172.17.0.2:8080/", host: "shop.example"',
])('what is no secret stays: %s', (line) => {
  expect(redact(line)).toBe(line)
})

test('a value that is known is taken out in every way that it is written, line by line too', () => {
  const known = redactor([secret('first line\nsecond-line-of-it'), secret('p@ss w"rd')])
  expect(known('  second-line-of-it')).toBe('  [redacted]')
  expect(known('{"x":"p@ss w\\"rd"}')).not.toContain('w\\"rd')
  expect(known('?x=p%40ss%20w%22rd')).not.toContain('p%40ss')
})

test('a line of a million characters is read in no time', () => {
  const began = performance.now()
  for (const part of ['a', 'password', 'eyJ', 'x:', '://', 'Authorization ', '"', 'a.'])
    redact(part.repeat(1_000_000 / part.length))
  expect(performance.now() - began).toBeLessThan(2_000)
})
