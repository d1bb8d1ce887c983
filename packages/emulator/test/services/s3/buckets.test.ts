import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { localAccount } from '../../support/local-account.ts'

const Bucket = 'elasticbeanstalk-us-east-1-123456789012'
const client = async () => new S3Client((await localAccount()).client)

test('an account starts without buckets and lists those that are made', async () => {
  const s3 = await client()
  expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([])
  for (const name of ['b-two', 'a-one', 'c-three']) await s3.send(new CreateBucketCommand({ Bucket: name }))
  const { Buckets } = await s3.send(new ListBucketsCommand({}))
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['a-one', 'b-two', 'c-three'])
  expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date)
  const page = await s3.send(new ListBucketsCommand({ MaxBuckets: 2 }))
  const rest = await s3.send(new ListBucketsCommand({ ContinuationToken: page.ContinuationToken }))
  expect(rest.Buckets?.map(({ Name }) => Name)).toEqual(['c-three'])
})

test('making the same bucket again is no error in us-east-1', async () => {
  const s3 = await client()
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new CreateBucketCommand({ Bucket }))
  expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' })
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint ?? '').toBe('')
})

test.each(['ab', 'Upper', 'under_score', '-start', 'a..b', '192.168.0.1', 'x'.repeat(64)])(
  'the name %s is refused',
  async (name) => {
    const s3 = await client()
    await expect(s3.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    })
  },
)

test('a bucket elsewhere is refused', async () => {
  const s3 = await client()
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const
  await expect(s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))).rejects.toMatchObject(
    {
      name: 'IllegalLocationConstraintException',
    },
  )
})

test('a bucket is deleted when it is empty and not before', async () => {
  const s3 = await client()
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' })
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
  await s3.send(new DeleteBucketCommand({ Bucket }))
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  })
})

test('a policy that denies DeleteBucket is honoured until it is removed', async () => {
  const s3 = await client()
  await s3.send(new CreateBucketCommand({ Bucket }))
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchBucketPolicy',
  })
  const Policy = JSON.stringify({
    Version: '2008-10-17',
    Statement: [
      {
        Sid: 'x',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:DeleteBucket',
        Resource: `arn:aws:s3:::${Bucket}`,
      },
    ],
  })
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy)
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' })
  await s3.send(new DeleteBucketPolicyCommand({ Bucket }))
  await s3.send(new DeleteBucketCommand({ Bucket }))
})

test.each(['no json', '{}', '{"Statement":[{"Effect":"Maybe"}]}'])('%s is no policy', async (Policy) => {
  const s3 = await client()
  await s3.send(new CreateBucketCommand({ Bucket }))
  await expect(s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
    name: 'MalformedPolicy',
  })
})

test('ownership controls begin with ACLs disabled and are kept', async () => {
  const s3 = await client()
  await s3.send(new CreateBucketCommand({ Bucket }))
  const rule = async () =>
    (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls?.Rules?.[0]
      ?.ObjectOwnership
  expect(await rule()).toBe('BucketOwnerEnforced')
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] }
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
  expect(await rule()).toBe('ObjectWriter')
})
