import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { checksumMembers } from '../checksums.ts'
import { writeCondition } from '../conditions.ts'
import { describedBy } from '../described.ts'
import type { Bucket } from '../disk/bucket.ts'
import { writeData } from '../disk/write-data.ts'
import { invalidRequest } from '../errors.ts'

/** Refuses what ACLs would be needed for: they are disabled on a bucket that doesn't say otherwise. */
export function refuseAcl(bucket: Bucket, input: { ACL?: string | undefined }): void {
  const disabled = (bucket.record.ownership ?? 'BucketOwnerEnforced') === 'BucketOwnerEnforced'
  if (!disabled || input.ACL === undefined || input.ACL === 'bucket-owner-full-control') return
  throw Object.assign(invalidRequest('The bucket does not allow ACLs'), {
    code: 'AccessControlListNotSupported',
  })
}

/** Stores an object whole or not at all, and only if its conditions still hold when its last byte has come. */
export const putObject: S3Action<s3.PutObjectCommandInput> = async (input, { store, clock, body }) => {
  const bucket = store.bucket(input.Bucket as string)
  const key = input.Key as string
  const condition = writeCondition(input)
  refuseAcl(bucket, input)
  condition(bucket.object(key))
  const { file, bytes, md5 } = await writeData(bucket.dataDir, body.stream)
  const { checksums } = body
  const lastModified = clock.now().toISOString()
  await bucket.commit(
    { ...describedBy(input), key, file, bytes, etag: md5, lastModified, checksums },
    condition,
  )
  return { output: { ETag: `"${md5}"`, ...checksumMembers(checksums, 'FULL_OBJECT') } }
}
