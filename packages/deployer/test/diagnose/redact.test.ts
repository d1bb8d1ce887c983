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
  [
    'a line of a value that docker refuses',
    "docker: poorly formatted environment: variable 'MII it's abc' contains whitespaces.",
    'MII',
  ],
  [
    'a line of a value that docker 28 refuses',
    "docker: invalid env file (/opt/env.list): no variable name on line '=s3cr3t'",
    's3cr3t',
  ],
  ['bytes that docker refuses', 'env.list contains invalid utf8 bytes at line 1: [65 61 255 254].', '255'],
])('%s is taken out', (_, line, value) => {
  expect(redact(line)).not.toContain(value)
  expect(redact(line)).toContain('[redacted]')
})

test.each([
  'DATABASE_URL is not set',
  'failed to get secret: AccessDeniedException: User is not authorized to perform this',
  'could not read token: ResourceNotFoundException',
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

const TOKEN = 'Sup3r/Secret+Token value=42'
test.each([
  ['base64', Buffer.from(TOKEN).toString('base64')],
  ['base64 without its padding', Buffer.from(TOKEN).toString('base64').replace(/=+$/, '')],
  ['base64 for URLs', Buffer.from(TOKEN).toString('base64url')],
  ['base64 within a longer text', Buffer.from(`user:${TOKEN}:more`).toString('base64')],
  ['hexadecimal digits', Buffer.from(TOKEN).toString('hex')],
  ['hexadecimal digits in capitals', Buffer.from(TOKEN).toString('hex').toUpperCase()],
  ['a URL', encodeURIComponent(TOKEN)],
  ['a URL in small letters', encodeURIComponent(TOKEN).replace(/%../g, (code) => code.toLowerCase())],
  ['a form', encodeURIComponent(TOKEN).replaceAll('%20', '+')],
  ['its first characters', TOKEN.slice(0, 12)],
  ['the first that tell', TOKEN.slice(0, 8)],
])('a secret is taken out as %s', (what, form) => {
  const clean = redactor([secret(TOKEN)])(`it is (${form}), said twice: ${form}`)
  expect(clean).not.toContain(what.includes('within') ? form.slice(8, -10) : form.slice(0, -3))
  expect(clean.match(/\[redacted\]/g)).toHaveLength(2)
})

test('what addresses have in common is no beginning of one that is secret', () => {
  const known = redactor([secret('postgres://orders:hunter22222@db:5432/orders')])
  expect(known('trying postgres://orders')).toBe('trying postgres://orders')
  expect(known('is hunter22222 right? postgres://orders:hunter22')).not.toContain('hunter22')
})

test('a secret of three characters is taken out where it is a word of its own', () => {
  const known = redactor([secret('abc')])
  expect(known('key abc, abcd and "abc"')).toBe('key [redacted], abcd and "[redacted]"')
})

test.each([
  'plainButPrivate-9876543',
  'sk-9f8e7d6c',
  'https://hooks.example/services/T024BE7LD/B8kX',
  'https://orders:pw@shop.example/',
  'correct horse battery',
])('a property’s value that may be secret is taken out: %s', (value) => {
  expect(redactor([], [secret(value)])(`got ${value} here`)).toBe('got [redacted] here')
})

test.each([
  ...['production', 'true', '8080', '512MiB', 'eu-west-1', 'en_US.UTF-8', 'Europe/Berlin', '10.0.3.7:5432'],
  ...[
    'db.internal',
    'http://payments:8080/api/v1',
    'https://shop.example/health',
    '/data/orders.db',
    'v1.22.3',
  ],
])('a property’s value that plainly isn’t secret stays: %s', (value) => {
  expect(redactor([], [secret(value)])(`got ${value} here`)).toBe(`got ${value} here`)
})

test.each([
  ['postgres://u:orders@db/x', 'orders'],
  ['redis://:abc@cache:6379', 'abc'],
  ['jdbc:postgresql://u:orders@db/x', 'orders'],
  ['mongodb://u:orders@one:27017,two:27017/x', 'orders'],
])(
  'the password in a property that is an address is taken out alone, however plain it is: %s',
  (url, password) => {
    const known = redactor([], [secret(url)])
    expect(known(`login with "${password}" failed`)).toBe('login with "[redacted]" failed')
    expect(known(`${password}table`)).toBe(`${password}table`)
  },
)

test('such a password is taken out in its other forms as well', () => {
  const known = redactor([], [secret('postgres://u:or%40ders@db/x')])
  for (const form of ['or@ders', 'or%40ders', Buffer.from('or@ders').toString('base64'), '6F724064657273'])
    expect(known(`got ${form} here`)).toBe('got [redacted] here')
})

test('a long address is judged in no time', () => {
  const began = performance.now()
  for (const address of ['', 'https://shop.example', 'http://payments:8080'])
    redactor([], [secret(`${address}${'/v1'.repeat(40)}!`)])
  expect(performance.now() - began).toBeLessThan(1_000)
})
