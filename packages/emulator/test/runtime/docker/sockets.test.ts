import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseProcNet } from '../../../src/runtime/docker/sockets.ts'

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const line = (local: string, state: string) =>
  `   0: ${local} ${'0'.repeat(local.indexOf(':'))}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 12345 1\n`
const port = (value: number) => value.toString(16).toUpperCase().padStart(4, '0')

test('listening sockets of both tables are told, others are not', () => {
  const table =
    HEADER +
    line('0100007F:1F90', '0A') +
    line('00000000:0050', '0A') +
    line('0100007F:9C40', '01') +
    HEADER +
    line('00000000000000000000000000000000:0BB8', '0A') +
    line('00000000000000000000000001000000:0BB9', '0A') +
    line('0000000000000000FFFF00000100007F:0BBA', '0A')
  expect(parseProcNet(table)).toEqual([
    { address: '0.0.0.0', port: 80 },
    { address: '::', port: 3000 },
    { address: '::1', port: 3001 },
    { address: '127.0.0.1', port: 3002 },
    { address: '127.0.0.1', port: 8080 },
  ])
})

test('every IPv4 address and port is read as it was written', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(
      fc.tuple(octet, octet, octet, octet),
      fc.integer({ min: 1, max: 65_535 }),
      (octets, number) => {
        const hex = Buffer.from(octets).reverse().toString('hex').toUpperCase()
        expect(parseProcNet(HEADER + line(`${hex}:${port(number)}`, '0A'))).toEqual([
          { address: octets.join('.'), port: number },
        ])
      },
    ),
  )
})

test('every IPv6 address is told in its shortest form', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1)
      fc.pre(!/^::ffff:/.test(shortest))
      const hex = [...bytesOf(shortest).toString('hex').matchAll(/.{8}/g)]
        .map(([word]) => Buffer.from(word, 'hex').reverse().toString('hex').toUpperCase())
        .join('')
      expect(parseProcNet(line(`${hex}:0050`, '0A'))).toEqual([{ address: shortest, port: 80 }])
    }),
  )
})

function bytesOf(address: string): Buffer {
  const [head = '', tail] = address.split('::')
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const before = groups(head)
  const after = groups(tail ?? '')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 255]))
}

test('no text makes it fail', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseProcNet(text)))
})
