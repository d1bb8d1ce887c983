import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Documents } from '../beanstalk/ports.ts'
import { bucketOwner } from './bucket-owner.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { translated } from './translate-error.ts'
import { tries } from './tries.ts'

/** A lock is renewed through these calls: one that hangs must be noticed long before the lock runs out. */
const TIMES = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true }
/** What S3 answers when the condition of a write doesn't hold; 409 when another write of the same key is just being done. */
const CONFLICTS = /^(PreconditionFailed|ConditionalRequestConflict)$/
const ABSENT = /^(NoSuchKey|NoSuchBucket|NotFound)$/

/** S3 behind the {@link Documents} port. Reads after writes are consistent, and a conditional write is decided by S3 at one moment. */
export function openDocuments(connection: Connection): Documents {
  const client = new S3Client({
    ...clientOptions(connection),
    ...(connection.endpoint ? { forcePathStyle: true } : {}),
    ...tries(connection, 3),
    requestHandler: TIMES,
  })
  return {
    read: (bucket, key, signal) =>
      translated(connection, 'GetObject', signal, async () => {
        const answered: { date: string | undefined } = { date: undefined }
        const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...bucketOwner(bucket) })
        command.middlewareStack.add(
          (next) => async (args) => {
            const result = await next(args)
            answered.date = headersOf(result.response)['date']
            return result
          },
          { step: 'deserialize', name: 'dateOfTheAnswer' },
        )
        try {
          const found = await client.send(command, callOptions(signal))
          const body = (await found.Body?.transformToString()) ?? ''
          return { body, etag: found.ETag ?? '', ageMs: ageOf(found.LastModified, answered.date) }
        } catch (error) {
          if (ABSENT.test((error as Error).name)) return undefined
          throw error
        }
      }),

    write: ({ bucket, key, body, replaces }, signal) =>
      translated(connection, 'PutObject', signal, async () => {
        try {
          const written = await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: body,
              ContentType: 'application/json',
              ...(replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: replaces }),
              ...bucketOwner(bucket),
            }),
            callOptions(signal),
          )
          return { etag: written.ETag ?? '' }
        } catch (error) {
          const { name } = error as Error
          if (CONFLICTS.test(name) || (replaces !== undefined && name === 'NoSuchKey')) return 'conflict'
          throw error
        }
      }),

    remove: ({ bucket, key, etag }, signal) =>
      translated(connection, 'DeleteObject', signal, async () => {
        try {
          await client.send(
            new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag, ...bucketOwner(bucket) }),
            callOptions(signal),
          )
          return 'removed'
        } catch (error) {
          const { name } = error as Error
          if (CONFLICTS.test(name)) return 'conflict'
          if (ABSENT.test(name)) return 'gone'
          throw error
        }
      }),
  }
}

function headersOf(response: unknown): Record<string, string | undefined> {
  const { headers } = response as { headers?: Record<string, string> }
  return headers ?? {}
}

/** By the service's own clocks on both ends, so that this machine's doesn't matter. */
function ageOf(modified: Date | undefined, answered: string | undefined): number | undefined {
  const now = Date.parse(answered ?? '')
  return modified && !Number.isNaN(now) ? Math.max(0, now - modified.getTime()) : undefined
}
