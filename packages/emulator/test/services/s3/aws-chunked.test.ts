import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Claim } from '../../../src/http/authorization.ts'
import { decodeAwsChunked } from '../../../src/services/s3/aws-chunked.ts'
import { chunkSigner } from '../../../src/services/s3/chunk-signer.ts'

async function* pieces(bytes: Buffer, sizes: number[]) {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] as number
    yield bytes.subarray(at, (at += size))
  }
}

async function decoded(
  framed: Buffer,
  sizes = [framed.length || 1],
  signer?: ReturnType<typeof chunkSigner>,
) {
  const trailers = new Map<string, string>()
  const take = (found: Map<string, string>) => found.forEach((value, name) => trailers.set(name, value))
  const chunks: Buffer[] = []
  for await (const chunk of decodeAwsChunked(pieces(framed, sizes), take, signer))
    chunks.push(Buffer.from(chunk))
  return { body: Buffer.concat(chunks), trailers }
}

const frame = (chunks: Buffer[], trailers: Record<string, string> = {}) =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(
      `0\r\n${Object.entries(trailers)
        .map(([name, value]) => `${name}:${value}\r\n`)
        .join('')}\r\n`,
    ),
  ])

test('a body comes out of its framing however the network cuts it', async () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes))
  const sizes = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 6 }), sizes, async (chunks, cuts) => {
      const { body, trailers } = await decoded(frame(chunks, { 'x-amz-checksum-crc32': 'abc=' }), cuts)
      expect(body).toEqual(Buffer.concat(chunks))
      expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'abc=']])
    }),
  )
})

test.each([
  ['nothing', ''],
  ['half a chunk', '5\r\nab'],
  ['no last chunk', '2\r\nab\r\n'],
  ['a chunk longer than it says', '1\r\nab\r\n0\r\n\r\n'],
  ['a size that is no number', 'zz\r\nab\r\n0\r\n\r\n'],
  ['a header without end', 'a'.repeat(10_000)],
  ['a trailer without a name', '0\r\n:x\r\n\r\n'],
])('%s is refused with IncompleteBody', async (_what, framed) => {
  await expect(decoded(Buffer.from(framed))).rejects.toMatchObject({ code: 'IncompleteBody' })
})

/** The example of the S3 API reference, "Signature calculations: transferring payload in multiple chunks". */
const example: Claim = {
  kind: 'header',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  scopeDate: '20130524',
  region: 'us-east-1',
  service: 's3',
  signedHeaders: ['host'],
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  signedAt: new Date('2013-05-24T00:00:00Z'),
}
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const signatures = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
]

const signed = (bodies: Buffer[]) =>
  Buffer.concat(
    bodies.flatMap((body, index) => [
      Buffer.from(`${body.length.toString(16)};chunk-signature=${signatures[index]}\r\n`),
      body,
      Buffer.from('\r\n'),
    ]),
  )

test("the chunk signatures of AWS's own example are right, and a changed byte is not", async () => {
  const signer = () => chunkSigner(example, { accessKeyId: example.accessKeyId, secretAccessKey })
  const bodies = [Buffer.alloc(65_536, 'a'), Buffer.alloc(1024, 'a'), Buffer.alloc(0)]
  const { body } = await decoded(signed(bodies), [4096], signer())
  expect(body).toEqual(Buffer.alloc(66_560, 'a'))

  const changed = [
    bodies[0] as Buffer,
    Buffer.concat([randomBytes(0), Buffer.alloc(1023, 'a'), Buffer.from('b')]),
    bodies[2] as Buffer,
  ]
  await expect(decoded(signed(changed), [4096], signer())).rejects.toMatchObject({
    reason: { kind: 'mismatch' },
  })
  const swapped = [bodies[1] as Buffer, bodies[0] as Buffer, bodies[2] as Buffer]
  await expect(decoded(signed(swapped), [4096], signer())).rejects.toMatchObject({
    reason: { kind: 'mismatch' },
  })
  await expect(decoded(frame([Buffer.from('unsigned')]), [4096], signer())).rejects.toMatchObject({
    reason: { kind: 'mismatch' },
  })
})
