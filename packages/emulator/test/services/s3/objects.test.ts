import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { localAccount } from '../../support/local-account.ts'

const Bucket = 'bucket'

async function bucketed() {
  const account = await localAccount()
  const s3 = new S3Client(account.client)
  await s3.send(new CreateBucketCommand({ Bucket }))
  const put = (Key: string, Body: PutObjectCommandInput['Body'], rest: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...rest }))
  const get = (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
    s3.send(new GetObjectCommand({ Bucket, Key, ...rest }))
  const text = async (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
    (await get(Key, rest)).Body?.transformToString()
  return { account, s3, put, get, text }
}

const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } })

test('an object comes back byte for byte with what was said about it', async () => {
  const { put, get } = await bucketed()
  const body = randomBytes(300_000)
  const md5 = createHash('md5').update(body).digest('hex')
  const described = {
    ContentType: 'application/zip',
    CacheControl: 'no-cache',
    ContentDisposition: 'attachment; filename="a.zip"',
    ContentEncoding: 'gzip',
    ContentLanguage: 'pt-BR',
    Metadata: { digest: 'abc', 'two-words': 'x y' },
  }
  expect(await put('a.zip', body, described)).toMatchObject({ ETag: `"${md5}"` })
  const got = await get('a.zip')
  expect(got).toMatchObject({
    ...described,
    ETag: `"${md5}"`,
    ContentLength: body.length,
    AcceptRanges: 'bytes',
  })
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(body)
})

test.each([
  'plain',
  "a b/ü+(1)~!*'&=?#%",
  '../../etc/passwd',
  './x',
  'a//b/',
  ' ',
  '日本/🦄',
  '__proto__',
  '%2e%2e%2f',
])('the key %j names an object of its own', async (key) => {
  const { put, text, s3 } = await bucketed()
  await put(key, `at ${key}`)
  expect(await text(key)).toBe(`at ${key}`)
  await s3.send(new DeleteObjectCommand({ Bucket, Key: key }))
  await expect(text(key)).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) })
})

test('an empty object is an object', async () => {
  const { put, get } = await bucketed()
  await put('empty', '')
  expect(await get('empty')).toMatchObject({ ContentLength: 0, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' })
})

test('a stream with a trailing checksum is stored without its framing', async () => {
  const { put, get } = await bucketed()
  const body = randomBytes(700_001)
  const ContentLength = body.length
  const { ChecksumCRC32 } = await put('stream', Readable.from([body.subarray(0, 1), body.subarray(1)]), {
    ContentLength,
  })
  const got = await get('stream', { ChecksumMode: 'ENABLED' })
  expect(got).toMatchObject({ ContentLength, ChecksumCRC32 })
  expect(got.ContentEncoding).toBeUndefined()
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(body)
})

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  'a %s checksum is verified, kept and given back',
  async (ChecksumAlgorithm) => {
    const { put, get, account } = await bucketed()
    const s3 = new S3Client(account.client)
    const answer = await put('k', 'bytes', { ChecksumAlgorithm })
    const name = `Checksum${ChecksumAlgorithm}` as const
    const value = answer[name]
    expect(value).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(await get('k', { ChecksumMode: 'ENABLED' })).toMatchObject({
      [name]: value,
      ChecksumType: 'FULL_OBJECT',
    })
    const wrong = { Bucket, Key: 'wrong', Body: 'other bytes', [name]: value }
    await expect(s3.send(new PutObjectCommand(wrong))).rejects.toMatchObject({
      name: 'BadDigest',
      ...status(400),
    })
    await expect(get('wrong')).rejects.toMatchObject({ name: 'NoSuchKey' })
  },
)

test('a wrong Content-MD5 is refused, and what was there before stays', async () => {
  const { put, text, account } = await bucketed()
  await put('k', 'before')
  const ContentMD5 = createHash('md5').update('something else').digest('base64')
  await expect(put('k', 'after', { ContentMD5 })).rejects.toMatchObject({ name: 'BadDigest' })
  await expect(put('k', 'after', { ContentMD5: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidDigest' })
  expect(await text('k')).toBe('before')
  expect(await readdir(join(account.dir, 's3', Bucket, 'data'))).toHaveLength(1)
})

test('a range is cut out, one outside is refused, several are answered as none', async () => {
  const { put, text, get } = await bucketed()
  await put('k', '0123456789')
  expect(await get('k', { Range: 'bytes=2-4' })).toMatchObject({
    ContentRange: 'bytes 2-4/10',
    ContentLength: 3,
    ...status(206),
  })
  expect(await text('k', { Range: 'bytes=2-4' })).toBe('234')
  expect(await text('k', { Range: 'bytes=7-' })).toBe('789')
  expect(await text('k', { Range: 'bytes=-3' })).toBe('789')
  expect(await text('k', { Range: 'bytes=8-99' })).toBe('89')
  expect(await text('k', { Range: 'bytes=0-1,4-5' })).toBe('0123456789')
  await expect(get('k', { Range: 'bytes=10-' })).rejects.toMatchObject({
    name: 'InvalidRange',
    ...status(416),
  })
})

test('conditions on a read are judged as HTTP says', async () => {
  const { put, get, text } = await bucketed()
  const { ETag } = await put('k', 'x')
  const past = new Date(0)
  const future = new Date(Date.now() + 60_000)
  expect(await text('k', { IfMatch: ETag, IfUnmodifiedSince: past })).toBe('x')
  expect(await text('k', { IfNoneMatch: '"other"', IfModifiedSince: future })).toBe('x')
  await expect(get('k', { IfNoneMatch: ETag })).rejects.toMatchObject(status(304))
  await expect(get('k', { IfModifiedSince: future })).rejects.toMatchObject(status(304))
  await expect(get('k', { IfMatch: '"other"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    ...status(412),
  })
  await expect(get('k', { IfUnmodifiedSince: past })).rejects.toMatchObject({ name: 'PreconditionFailed' })
})

test('If-None-Match: * lets exactly one of many writers through', async () => {
  const { put, text } = await bucketed()
  const writers = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => put('lock', `writer ${index}`, { IfNoneMatch: '*' })),
  )
  const lost = writers.filter((writer) => writer.status === 'rejected')
  expect(lost).toHaveLength(7)
  for (const { reason } of lost) expect(reason).toMatchObject({ name: 'PreconditionFailed', ...status(412) })
  expect(await text('lock')).toBe(`writer ${writers.findIndex((writer) => writer.status === 'fulfilled')}`)
})

test('If-Match replaces only the object that was read', async () => {
  const { put, text } = await bucketed()
  const { ETag } = await put('k', 'one')
  const both = await Promise.allSettled([
    put('k', 'two', { IfMatch: ETag }),
    put('k', 'three', { IfMatch: ETag }),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(put('k', 'four', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  await expect(put('missing', 'x', { IfMatch: ETag })).rejects.toMatchObject({
    name: 'NoSuchKey',
    ...status(404),
  })
  expect(await text('k')).toMatch(/^t(wo|hree)$/)
})

test('the wrong owner is refused before a byte is stored', async () => {
  const { put, get, account } = await bucketed()
  const other = { ExpectedBucketOwner: '000000000000' }
  await expect(put('k', 'x', other)).rejects.toMatchObject({ name: 'AccessDenied', ...status(403) })
  await put('k', 'x', { ExpectedBucketOwner: account.account.accountId })
  await expect(get('k', other)).rejects.toMatchObject({ name: 'AccessDenied' })
})

test('HeadObject tells what GetObject would, and 404 without a body', async () => {
  const { put, s3 } = await bucketed()
  await put('k', 'abc', { ContentType: 'text/plain' })
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))
  expect(head).toMatchObject({ ContentLength: 3, ContentType: 'text/plain' })
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'x' }))).rejects.toMatchObject({
    name: 'NotFound',
    ...status(404),
  })
})

test('many objects are deleted at once, those that are not there too', async () => {
  const { put, s3, get } = await bucketed()
  await put('a', '1')
  await put('b & <c>', '2')
  const Objects = [{ Key: 'a' }, { Key: 'b & <c>' }, { Key: 'never there' }]
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b & <c>', 'never there'])
  await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('a copy has the bytes and the description of its source', async () => {
  const { put, s3, get } = await bucketed()
  await put('from ü', 'bytes', { ContentType: 'text/x', Metadata: { a: 'b' } })
  const CopySource = `${Bucket}/${encodeURIComponent('from ü')}`
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }))
  const got = await get('to')
  expect(got).toMatchObject({ ContentType: 'text/x', Metadata: { a: 'b' } })
  expect(await got.Body?.transformToString()).toBe('bytes')
  const missing = new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/none` })
  await expect(s3.send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('an ACL, which buckets have disabled, is refused', async () => {
  const { put } = await bucketed()
  await expect(put('k', 'x', { ACL: 'public-read' })).rejects.toMatchObject({
    name: 'AccessControlListNotSupported',
  })
})

test('a bucket that is not there is told as such', async () => {
  const { s3 } = await bucketed()
  const put = s3.send(new PutObjectCommand({ Bucket: 'nowhere', Key: 'k', Body: 'x' }))
  await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket', ...status(404) })
})

test('an operation that is known and not built is refused by its name', async () => {
  const { s3 } = await bucketed()
  const { GetBucketLifecycleConfigurationCommand } = await import('@aws-sdk/client-s3')
  await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('s3:GetBucketLifecycleConfiguration'),
  })
})

test('services of this process see the same objects, and what they put is read over the wire', async () => {
  const { account, put, text } = await bucketed()
  const { store } = account
  await put('logs/a', 'over the wire')
  const stored = await store.stat(Bucket, 'logs/a')
  expect(await readFile(stored?.path ?? '', 'utf8')).toBe('over the wire')
  await store.put(Bucket, 'logs/b', Readable.from([Buffer.from('in '), Buffer.from('process')]), {
    contentType: 'text/plain',
  })
  expect(await text('logs/b')).toBe('in process')
  expect((await store.list(Bucket, 'logs/')).map(({ key, bytes }) => [key, bytes])).toEqual([
    ['logs/a', 13],
    ['logs/b', 10],
  ])
  expect(await store.list(Bucket, 'nothing/')).toEqual([])
  await store.remove(Bucket, 'logs/a')
  expect(await store.stat(Bucket, 'logs/a')).toBeUndefined()
  expect(await store.stat('nowhere', 'x')).toBeUndefined()
})

test('what is being read can be replaced without harm to the reader', async () => {
  const { put, get } = await bucketed()
  const first = randomBytes(4_000_000)
  await put('k', first)
  const { Body } = await get('k')
  await put('k', 'second')
  expect(Buffer.compare(await buffer(Body as Readable), first)).toBe(0)
})
