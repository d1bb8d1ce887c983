import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byUtf8 } from '../../../src/services/s3/disk/key-order.ts'
import { listPage } from '../../../src/services/s3/listing.ts'
import { localAccount } from '../../support/local-account.ts'

const Bucket = 'bucket'

async function holding(keys: string[]) {
  const { client, store } = await localAccount()
  await store.createBucket(Bucket)
  for (const key of keys) await store.put(Bucket, key, key)
  return new S3Client(client)
}

test('keys come in the order of their UTF-8 bytes, with sizes and ETags', async () => {
  const keys = ['b', 'a/2', 'a', 'Z', '\u{1F984}', '\uFF5E', 'ü', 'a b']
  const s3 = await holding(keys)
  const { Contents, KeyCount, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['Z', 'a', 'a b', 'a/2', 'b', 'ü', '\uFF5E', '\u{1F984}'])
  expect(Contents?.[1]).toMatchObject({
    Size: 1,
    ETag: '"0cc175b9c0f1b6a831c399e269772661"',
    StorageClass: 'STANDARD',
  })
  expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: 8, IsTruncated: false })
})

test('a delimiter rolls keys up into common prefixes, across pages too', async () => {
  const s3 = await holding(['a/1', 'a/2', 'b', 'c/x/1', 'c/y', 'd'])
  const found: string[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 1 }, { Bucket, Delimiter: '/' })) {
    expect(page.KeyCount).toBe(1)
    found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}*`))
    found.push(...(page.Contents ?? []).map(({ Key }) => `${Key}`))
  }
  expect(found).toEqual(['a/*', 'b', 'c/*', 'd'])
  const below = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', Prefix: 'c/' }))
  expect(below.CommonPrefixes).toEqual([{ Prefix: 'c/x/' }])
  expect(below.Contents?.map(({ Key }) => Key)).toEqual(['c/y'])
})

test('the first version of the call is answered too', async () => {
  const s3 = await holding(['a', 'b', 'c'])
  const page = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Marker: 'a' }))
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['b', 'c'])
})

test('with encoding-type url a key that XML can not carry comes through', async () => {
  const key = 'bell\u0007 & ü'
  const s3 = await holding([key])
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))
  expect(decodeURIComponent(Contents?.[0]?.Key?.replaceAll('+', ' ') ?? '')).toBe(key)
})

test('a token that is not ours is refused', async () => {
  const s3 = await holding(['a'])
  await expect(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '!!' }))).rejects.toMatchObject({
    name: 'InvalidArgument',
  })
  await expect(s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject({
    name: 'InvalidArgument',
  })
  await s3.send(new CreateBucketCommand({ Bucket }))
})

test('pages of any size put together are what a plain filter gives', () => {
  const key = fc
    .array(fc.constantFrom('a', 'b', '/', 'ü', '\u{1F984}'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
  const cases = fc.record({
    keys: fc.uniqueArray(key, { maxLength: 25 }),
    prefix: fc.constantFrom('', 'a', 'a/', 'ü', '/'),
    delimiter: fc.constantFrom(undefined, '/', 'b'),
    max: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(cases, ({ keys, prefix, delimiter, max }) => {
      const sorted = [...keys].sort(byUtf8)
      const under = sorted.filter((one) => one.startsWith(prefix))
      const cut = (one: string) => {
        const at = delimiter === undefined ? -1 : one.indexOf(delimiter, prefix.length)
        return at < 0 ? undefined : one.slice(0, at + 1)
      }
      const found = { keys: [] as string[], common: [] as string[] }
      let after = ''
      for (let pages = 0; pages <= keys.length; pages++) {
        const page = listPage(sorted, { prefix, delimiter, after, max })
        expect(page.keys.length + page.commonPrefixes.length).toBeLessThanOrEqual(max)
        found.keys.push(...page.keys)
        found.common.push(...page.commonPrefixes)
        if (page.next === undefined) break
        after = page.next
      }
      expect(found.keys).toEqual(under.filter((one) => cut(one) === undefined))
      expect(found.common).toEqual([...new Set(under.flatMap((one) => cut(one) ?? []))])
    }),
    // found by chance: a key that is the prefix itself, and ends with the delimiter
    { examples: [[{ keys: ['/', '/a'], prefix: '/', delimiter: '/', max: 1 }]], numRuns: 1000 },
  )
})
