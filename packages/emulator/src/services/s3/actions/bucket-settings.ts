import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { S3Error } from '../errors.ts'
import { checkPolicy } from '../policy.ts'

export const getBucketPolicy: S3Action<s3.GetBucketPolicyCommandInput> = async (input, { store }) => {
  const { policy } = store.bucket(input.Bucket as string).record
  if (policy !== undefined) return { output: { Policy: policy } }
  throw new S3Error('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
    BucketName: input.Bucket as string,
  })
}

export const putBucketPolicy: S3Action<s3.PutBucketPolicyCommandInput> = async (input, { store }) => {
  const policy = input.Policy ?? ''
  checkPolicy(policy)
  await store.setBucketPolicy(input.Bucket as string, policy)
  return { output: {}, status: 204 }
}

export const deleteBucketPolicy: S3Action<s3.DeleteBucketPolicyCommandInput> = async (input, { store }) => {
  await store.setBucketPolicy(input.Bucket as string, undefined)
  return { output: {} }
}

/** Buckets made since April 2023 have ACLs disabled unless they say otherwise. */
const DEFAULT_OWNERSHIP = 'BucketOwnerEnforced'

export const getOwnershipControls: S3Action<s3.GetBucketOwnershipControlsCommandInput> = async (
  input,
  { store },
) => {
  const { ownership } = store.bucket(input.Bucket as string).record
  return { output: { OwnershipControls: { Rules: [{ ObjectOwnership: ownership ?? DEFAULT_OWNERSHIP }] } } }
}

export const putOwnershipControls: S3Action<s3.PutBucketOwnershipControlsCommandInput> = async (
  input,
  { store },
) => {
  const ownership = input.OwnershipControls?.Rules?.[0]?.ObjectOwnership
  if (!ownership || !/^(BucketOwnerEnforced|BucketOwnerPreferred|ObjectWriter)$/.test(ownership)) {
    throw new S3Error(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    )
  }
  await store.bucket(input.Bucket as string).update({ ownership })
  return { output: {} }
}
