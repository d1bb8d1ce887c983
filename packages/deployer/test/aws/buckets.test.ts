import {
  CreateMultipartUploadCommand,
  GetBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { emulatedAccount } from '../deploy/emulated-account.ts'

async function withBucket() {
  const account = await emulatedAccount()
  const bucket = await account.cloud.beanstalk.createStorageLocation()
  const s3 = new S3Client({ ...account.client, forcePathStyle: true })
  return { buckets: account.cloud.buckets, bucket, s3 }
}

test("Beanstalk's bucket is removed although its policy denies it, and removing it again is no error", async () => {
  const { buckets, bucket } = await withBucket()
  expect(await buckets.exists(bucket)).toBe(true)
  await buckets.remove(bucket)
  expect(await buckets.exists(bucket)).toBe(false)
  await buckets.remove(bucket)
})

test('a bucket that is not empty stays, with its policy', async () => {
  const { buckets, bucket, s3 } = await withBucket()
  const policy = async () => (await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy
  const before = await policy()
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))
  await expect(buckets.remove(bucket)).rejects.toMatchObject({ awsCode: 'BucketNotEmpty' })
  expect(await policy()).toBe(before)
})

test('the first keys are as many as asked for, and none in a bucket that is not there', async () => {
  const { buckets, bucket, s3 } = await withBucket()
  for (const Key of ['a', 'b', 'c']) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }))
  expect(await buckets.firstKeys(bucket, 2)).toEqual(['a', 'b'])
  expect(await buckets.firstKeys(bucket, 5)).toEqual(['a', 'b', 'c'])
  expect(await buckets.firstKeys(bucket.replace(/\d{12}$/, '999999999999'), 5)).toEqual([])
})

test('unfinished uploads below a prefix are listed and aborted, twice if need be', async () => {
  const { buckets, bucket, s3 } = await withBucket()
  const begin = (Key: string) => s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))
  await begin('shop/a.zip')
  await begin('shop/a.zip')
  await begin('other/a.zip')
  const uploads = await buckets.listUploads(bucket, 'shop/')
  expect(uploads.map(({ key }) => key)).toEqual(['shop/a.zip', 'shop/a.zip'])
  for (const upload of [...uploads, ...uploads]) await buckets.abortUpload({ bucket, ...upload })
  expect(await buckets.listUploads(bucket, 'shop/')).toEqual([])
  expect(await buckets.listUploads(bucket, 'other/')).toHaveLength(1)
})
