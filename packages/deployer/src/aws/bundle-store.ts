import { createReadStream } from 'node:fs'
import {
  DeleteObjectsCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { BundleStore } from '../beanstalk/ports.ts'
import { bucketOwner } from './bucket-owner.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { translated } from './translate-error.ts'

/** Parts of 8 MiB, four in flight: as fast as `aws s3 cp` at 200 MB (measured: facts/toolchain.md). */
const PART_BYTES = 8 * 1024 * 1024
/** S3 deletes at most this many keys in one call. */
const DELETE_BATCH = 1000

/**
 * S3 behind the {@link BundleStore} port. Never an ACL (new buckets refuse them). Every call names the account that must own the bucket, which
 * is in the name of Beanstalk's storage location, so that nobody else's bucket of that name is ever written to (facts sheet §2.6).
 */
export function openBundleStore(connection: Connection): BundleStore {
  const client = new S3Client({
    ...clientOptions(connection),
    ...(connection.endpoint ? { forcePathStyle: true } : {}),
    // A part on a slow line may take long as long as it moves: silence ends it, not its length.
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  })
  const bucketExists = async (bucket: string, signal: AbortSignal | undefined) => {
    try {
      await client.send(
        new HeadBucketCommand({ Bucket: bucket, ...bucketOwner(bucket) }),
        callOptions(signal),
      )
      return true
    } catch (error) {
      if ((error as Error).name === 'NotFound' || (error as Error).name === 'NoSuchBucket') return false
      throw error
    }
  }
  return {
    size: (bucket, key, signal) =>
      translated(connection, 'HeadObject', signal, async () => {
        try {
          const head = await client.send(
            new HeadObjectCommand({ Bucket: bucket, Key: key, ...bucketOwner(bucket) }),
            callOptions(signal),
          )
          return head.ContentLength ?? 0
        } catch (error) {
          if ((error as Error).name === 'NotFound' || (error as Error).name === 'NoSuchKey') return undefined
          throw error
        }
      }),

    upload: ({ bucket, key, path, bytes }, onProgress, signal) =>
      translated(connection, 'PutObject', signal, async () => {
        const upload = new Upload({
          client,
          partSize: PART_BYTES,
          queueSize: 4,
          params: {
            Bucket: bucket,
            Key: key,
            Body: createReadStream(path, { highWaterMark: 1024 * 1024 }),
            ContentType: 'application/zip',
            ...bucketOwner(bucket),
          },
        })
        const abort = () => void upload.abort()
        signal?.addEventListener('abort', abort, { once: true })
        upload.on('httpUploadProgress', ({ loaded }) => onProgress(Math.min(loaded ?? 0, bytes)))
        try {
          await upload.done()
        } finally {
          signal?.removeEventListener('abort', abort)
        }
      }),

    list: (bucket, prefix, signal) =>
      translated(connection, 'ListObjectsV2', signal, async () => {
        const keys: string[] = []
        if (!(await bucketExists(bucket, signal))) return keys
        const pages = paginateListObjectsV2(
          { client },
          { Bucket: bucket, Prefix: prefix, ...bucketOwner(bucket) },
        )
        for await (const page of pages) {
          signal?.throwIfAborted()
          for (const { Key } of page.Contents ?? []) if (Key) keys.push(Key)
        }
        return keys
      }),

    remove: (bucket, keys, signal) =>
      translated(connection, 'DeleteObjects', signal, async () => {
        for (let at = 0; at < keys.length; at += DELETE_BATCH) {
          const Objects = keys.slice(at, at + DELETE_BATCH).map((Key) => ({ Key }))
          const answer = await client.send(
            new DeleteObjectsCommand({
              Bucket: bucket,
              Delete: { Objects, Quiet: true },
              ...bucketOwner(bucket),
            }),
            callOptions(signal),
          )
          const refused = answer.Errors?.[0]
          if (refused) {
            throw Object.assign(new Error(`${refused.Key}: ${refused.Message}`), { name: refused.Code })
          }
        }
      }),
  }
}
