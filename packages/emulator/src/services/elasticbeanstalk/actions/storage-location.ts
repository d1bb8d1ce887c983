import type { CreateStorageLocationCommandOutput } from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { storageBucket, type Context } from '../context.ts'
import type { Service } from './service.ts'

/** Makes the account's bucket, or leaves it as it is. */
export function createStorageLocation({
  context,
}: Service): Action<object, Omit<CreateStorageLocationCommandOutput, '$metadata'>> {
  return async () => ({ S3Bucket: await ensureStorage(context) })
}

/** The bucket's policy forbids deleting it, as the service's does. */
export async function ensureStorage(context: Context): Promise<string> {
  const bucket = storageBucket(context)
  if (await context.objects.bucketExists(bucket)) return bucket
  await context.objects.createBucket(bucket)
  await context.objects.setBucketPolicy(bucket, storagePolicy(bucket))
  return bucket
}

function storagePolicy(bucket: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Statement: [
      {
        Sid: 'eb-58950a8c-feb6-11e2-89e0-0800277d041b',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:DeleteBucket',
        Resource: `arn:aws:s3:::${bucket}`,
      },
    ],
  })
}
