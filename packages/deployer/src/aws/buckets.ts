import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Buckets, UnfinishedUpload } from '../account/ports.ts'
import { bucketOwner } from './bucket-owner.ts'
import { caller, unless } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'

/** HeadBucket has no body to say which of them it is. */
const NO_BUCKET = ['NoSuchBucket', 'NotFound']

/** S3 behind the {@link Buckets} port. Every call names the account that must own the bucket. */
export function openBuckets(connection: Connection): Buckets {
  const client = new S3Client({
    ...clientOptions(connection),
    ...(connection.endpoint ? { forcePathStyle: true } : {}),
  })
  const run = caller(connection)

  return {
    exists: (bucket, signal) =>
      run('HeadBucket', signal, () =>
        unless(NO_BUCKET, false, async () => {
          await client.send(new HeadBucketCommand(addressed(bucket)), callOptions(signal))
          return true
        }),
      ),

    firstKeys: (bucket, most, signal) =>
      run('ListObjectsV2', signal, () =>
        unless(NO_BUCKET, [], async () => {
          const keys: string[] = []
          let token: string | undefined
          do {
            const page = await client.send(
              new ListObjectsV2Command({
                ...addressed(bucket),
                MaxKeys: Math.min(most - keys.length, 1000),
                ...(token ? { ContinuationToken: token } : {}),
              }),
              callOptions(signal),
            )
            keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
            token = page.NextContinuationToken
          } while (token && keys.length < most)
          return keys
        }),
      ),

    listUploads: (bucket, prefix, signal) =>
      run('ListMultipartUploads', signal, () =>
        unless(NO_BUCKET, [], () => uploadsBelow(client, bucket, prefix, signal)),
      ),

    abortUpload: ({ bucket, key, id }, signal) =>
      run('AbortMultipartUpload', signal, () =>
        unless(['NoSuchUpload', ...NO_BUCKET], undefined, async () => {
          await client.send(
            new AbortMultipartUploadCommand({ ...addressed(bucket), Key: key, UploadId: id }),
            callOptions(signal),
          )
        }),
      ),

    remove: (bucket, signal) =>
      run('DeleteBucket', signal, () =>
        unless(NO_BUCKET, undefined, () => removeWithPolicy(client, bucket, signal)),
      ),
  }
}

const addressed = (bucket: string) => ({ Bucket: bucket, ...bucketOwner(bucket) })

/** The list is paged by two markers, for which the SDK has no paginator. */
async function uploadsBelow(
  client: S3Client,
  bucket: string,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = []
  let after: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
  while (after) {
    const page: Awaited<ReturnType<typeof ask>> = await ask(after)
    found.push(
      ...(page.Uploads ?? []).flatMap(({ Key, UploadId }) =>
        Key && UploadId ? [{ key: Key, id: UploadId }] : [],
      ),
    )
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page
    after =
      IsTruncated && NextKeyMarker
        ? { KeyMarker: NextKeyMarker, ...(NextUploadIdMarker ? { UploadIdMarker: NextUploadIdMarker } : {}) }
        : undefined
  }
  return found

  function ask(markers: object) {
    return client.send(
      new ListMultipartUploadsCommand({ ...addressed(bucket), Prefix: prefix, ...markers }),
      callOptions(signal),
    )
  }
}

async function removeWithPolicy(
  client: S3Client,
  bucket: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const policy = await unless(['NoSuchBucketPolicy'], undefined, async () => {
    const { Policy } = await client.send(new GetBucketPolicyCommand(addressed(bucket)), callOptions(signal))
    return Policy
  })
  if (policy) await client.send(new DeleteBucketPolicyCommand(addressed(bucket)), callOptions(signal))
  try {
    await client.send(new DeleteBucketCommand(addressed(bucket)), callOptions(signal))
  } catch (error) {
    // Whoever else uses the bucket keeps the protection that Beanstalk gave it, also after Ctrl-C.
    if (policy) await client.send(new PutBucketPolicyCommand({ ...addressed(bucket), Policy: policy }))
    throw error
  }
}
