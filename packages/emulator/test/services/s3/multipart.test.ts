import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { localAccount } from '../../support/local-account.ts'

const Bucket = 'bucket'
const Key = 'big/ü.zip'
const FIVE_MIB = 5 * 1024 * 1024

async function uploading(create: Partial<CreateMultipartUploadCommandInput> = {}, dir?: string) {
  const account = await localAccount(dir === undefined ? {} : { dir })
  const s3 = new S3Client(account.client)
  await s3.send(new CreateBucketCommand({ Bucket }))
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...create }))
  const part = async (PartNumber: number, Body: Buffer) => {
    const answer = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
    const { ETag, ChecksumCRC32, ChecksumSHA256 } = answer
    return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 }
  }
  const complete = (Parts: object[], rest: Partial<CompleteMultipartUploadCommandInput> = {}) =>
    s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...rest }),
    )
  const bytes = async (rest = {}) =>
    Buffer.from(
      (await (await s3.send(new GetObjectCommand({ Bucket, Key, ...rest }))).Body?.transformToByteArray()) ??
        [],
    )
  return { account, s3, UploadId, part, complete, bytes }
}

test('parts that came in any order become one object with a multipart ETag', async () => {
  const { part, complete, bytes, account, s3 } = await uploading({
    ContentType: 'application/zip',
    Metadata: { a: 'b' },
  })
  const pieces = [randomBytes(FIVE_MIB), randomBytes(FIVE_MIB + 1), randomBytes(10)] as [
    Buffer,
    Buffer,
    Buffer,
  ]
  const third = await part(3, pieces[2])
  const parts = [...(await Promise.all([part(1, pieces[0]), part(2, pieces[1])])), third]
  const { ETag } = await complete(parts)
  const digests = pieces.map((piece) => createHash('md5').update(piece).digest())
  expect(ETag).toBe(`"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-3"`)
  expect(Buffer.compare(await bytes(), Buffer.concat(pieces))).toBe(0)
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' }))
  expect(got).toMatchObject({ ContentType: 'application/zip', Metadata: { a: 'b' }, ETag })
  expect(await readdir(join(account.dir, 's3', Bucket, 'uploads'))).toEqual([])
  expect(await readdir(join(account.dir, 's3', Bucket, 'data'))).toHaveLength(1)
})

test('a composite checksum is of the parts and tells their number', async () => {
  const { s3, UploadId, complete } = await uploading({ ChecksumAlgorithm: 'SHA256' })
  const pieces = [randomBytes(FIVE_MIB), randomBytes(3)]
  const parts: object[] = []
  for (const [index, Body] of pieces.entries()) {
    const PartNumber = index + 1
    const upload = { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' as const }
    const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand(upload))
    parts.push({ PartNumber, ETag, ChecksumSHA256 })
  }
  const digests = pieces.map((piece) => createHash('sha256').update(piece).digest())
  const composite = createHash('sha256').update(Buffer.concat(digests)).digest('base64')
  const wrong = [{ ...parts[0], ChecksumSHA256: composite }, parts[1] as object]
  await expect(complete(wrong)).rejects.toMatchObject({ name: 'InvalidPart' })
  expect(await complete(parts)).toMatchObject({ ChecksumSHA256: `${composite}-2`, ChecksumType: 'COMPOSITE' })
})

test('a checksum of the whole object is verified when it is completed', async () => {
  const create = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const
  const { part, complete, s3 } = await uploading(create)
  const body = randomBytes(FIVE_MIB + 7)
  const whole = await s3.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: body }))
  const parts = [await part(1, body.subarray(0, FIVE_MIB)), await part(2, body.subarray(FIVE_MIB))]
  await expect(complete(parts, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' })
  expect(await complete(parts, { ChecksumCRC32: whole.ChecksumCRC32 })).toMatchObject({
    ChecksumCRC32: whole.ChecksumCRC32,
    ChecksumType: 'FULL_OBJECT',
  })
})

test('a part that is sent again replaces the first', async () => {
  const { part, complete, bytes } = await uploading()
  await part(1, Buffer.from('first'))
  const again = await part(1, Buffer.from('second'))
  await complete([again])
  expect((await bytes()).toString()).toBe('second')
})

test.each([
  ['no part', 'MalformedXML', () => []],
  [
    'a part that was not sent',
    'InvalidPart',
    (parts: object[]) => [...parts, { PartNumber: 9, ETag: '"x"' }],
  ],
  [
    'a part with another ETag',
    'InvalidPart',
    () => [{ PartNumber: 1, ETag: '"00000000000000000000000000000000"' }],
  ],
  ['parts in the wrong order', 'InvalidPartOrder', (parts: object[]) => [...parts].reverse()],
  ['a small part before the last', 'EntityTooSmall', (parts: object[]) => parts],
])('completing with %s is refused with %s', async (_what, name, choose) => {
  const { part, complete, s3 } = await uploading()
  const parts = [await part(1, Buffer.from('a')), await part(2, Buffer.from('b'))]
  await expect(complete(choose(parts))).rejects.toMatchObject({ name })
  await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('If-None-Match refuses to complete over an object that came meanwhile', async () => {
  const { part, complete, s3, bytes } = await uploading()
  const parts = [await part(1, Buffer.from('late'))]
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'early' }))
  await expect(complete(parts, { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  })
  expect((await bytes()).toString()).toBe('early')
})

test('uploads and parts are listed page by page, and gone when aborted', async () => {
  const { part, s3, UploadId } = await uploading()
  await part(1, Buffer.from('a'))
  await part(7, Buffer.from('bc'))
  const first = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }))
  expect(first).toMatchObject({
    IsTruncated: true,
    NextPartNumberMarker: '1',
    Parts: [{ PartNumber: 1, Size: 1 }],
  })
  const rest = await s3.send(
    new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: first.NextPartNumberMarker }),
  )
  expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 7, Size: 2 }] })
  const listed = await s3.send(new ListMultipartUploadsCommand({ Bucket }))
  expect(listed.Uploads).toMatchObject([{ Key, UploadId }])

  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).toEqual([])
  await expect(part(2, Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchUpload' })
})

test.each(['../../../account', 'nonsense', '0'.repeat(64)])('the upload %s is none', async (UploadId) => {
  const { s3 } = await uploading()
  await expect(s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  })
})

test('an upload goes on after the server was started anew', async () => {
  const { account, part, UploadId } = await uploading()
  const one = await part(1, randomBytes(FIVE_MIB))
  await account.close()
  const s3 = new S3Client((await localAccount({ dir: account.dir })).client)
  const two = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: 'end' }))
  const Parts = [one, { PartNumber: 2, ETag: two.ETag }]
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
  const tail = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-3' }))
  expect(await tail.Body?.transformToString()).toBe('end')
})
