import { describe, expect, it } from 'vitest'
import { trustedProxies } from '../../src/http/trusted-proxies.ts'

describe('whose X-Forwarded-For is believed', () => {
  it.each([
    '127.0.0.1',
    '172.17.0.1',
    '10.1.2.3',
    '192.168.1.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:172.17.0.1',
  ])('is that of %s, which can be a proxy of the platform', (address) =>
    expect(trustedProxies(1)(address, 0)).toBe(true),
  )

  it.each(['198.51.100.7', '172.32.0.1', '8.8.8.8', '2001:db8::1', '::ffff:8.8.8.8'])(
    'is not that of %s, which calls from the internet',
    (address) => expect(trustedProxies(2)(address, 0)).toBe(false),
  )

  it('is that of as many as are known to be there, counted from this end', () => {
    expect([0, 1, 2].map((hop) => trustedProxies(2)('10.0.0.1', hop))).toEqual([true, true, false])
    expect(trustedProxies(0)('127.0.0.1', 0)).toBe(false)
  })
})
