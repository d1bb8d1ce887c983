import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { byUtf8 } from '../disk/key-order.ts'
import { accessDenied, S3Error } from '../errors.ts'
import { denies } from '../policy.ts'

export const listBuckets: S3Action<s3.ListBucketsCommandInput> = async (
  input,
  { store, accountId, region },
) => {
  const after = input.ContinuationToken ? Buffer.from(input.ContinuationToken, 'base64url').toString() : ''
  const names = store.buckets.filter(
    ({ record }) => record.name.startsWith(input.Prefix ?? '') && byUtf8(record.name, after) > 0,
  )
  const page = names.slice(0, input.MaxBuckets ?? 10_000)
  const last = page.at(-1)?.record.name
  return {
    output: {
      Buckets: page.map(({ record }) => ({
        Name: record.name,
        CreationDate: new Date(record.createdAt),
        BucketRegion: region,
      })),
      Owner: { ID: accountId, DisplayName: 'lucree' },
      Prefix: input.Prefix,
      ContinuationToken:
        page.length < names.length && last ? Buffer.from(last).toString('base64url') : undefined,
    },
  }
}

/** In us-east-1 creating one's own bucket again is no error; everywhere else it is (S3 API reference, CreateBucket). */
export const createBucket: S3Action<s3.CreateBucketCommandInput> = async (input, { store, region }) => {
  const name = input.Bucket as string
  const asked: string = input.CreateBucketConfiguration?.LocationConstraint || 'us-east-1'
  if (asked !== region) {
    const message =
      asked === 'us-east-1'
        ? 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.'
        : `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`
    throw new S3Error('IllegalLocationConstraintException', message)
  }
  if (region !== 'us-east-1' && (await store.bucketExists(name))) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: name },
    )
  }
  await store.createBucket(name)
  if (input.ObjectOwnership) await store.bucket(name).update({ ownership: input.ObjectOwnership })
  return { output: { Location: `/${name}` } }
}

export const deleteBucket: S3Action<s3.DeleteBucketCommandInput> = async (input, { store }) => {
  const name = input.Bucket as string
  const { policy } = store.bucket(name).record
  if (policy !== undefined && denies(policy, 's3:DeleteBucket', `arn:aws:s3:::${name}`)) throw accessDenied()
  await store.deleteBucket(name)
  return { output: {} }
}

export const headBucket: S3Action<s3.HeadBucketCommandInput> = async (_input, { region }) => ({
  output: { BucketRegion: region, AccessPointAlias: false },
})

/** The one document whose root is a bare value: empty means us-east-1. */
export const getBucketLocation: S3Action<s3.GetBucketLocationCommandInput> = async (_input, { region }) => {
  const value = region === 'us-east-1' ? '' : region
  return {
    output: {},
    raw: `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${value}</LocationConstraint>`,
  }
}
