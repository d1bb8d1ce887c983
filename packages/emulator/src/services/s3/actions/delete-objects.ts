import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { writeCondition } from '../conditions.ts'
import type { Bucket } from '../disk/bucket.ts'
import { S3Error } from '../errors.ts'

export const deleteObject: S3Action<s3.DeleteObjectCommandInput> = async (input, { store }) => {
  const conditions = input.IfMatch === undefined ? {} : { IfMatch: input.IfMatch, Key: input.Key }
  await store.bucket(input.Bucket as string).remove(input.Key as string, writeCondition(conditions))
  return { output: {} }
}

export const deleteObjects: S3Action<s3.DeleteObjectsCommandInput> = async (input, { store }) => {
  const bucket = store.bucket(input.Bucket as string)
  const objects = input.Delete?.Objects ?? []
  if (objects.length === 0 || objects.length > 1000) {
    throw new S3Error(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    )
  }
  const results = []
  for (const object of objects) results.push(await deleteOne(bucket, object))
  return {
    output: {
      Deleted: input.Delete?.Quiet ? undefined : results.filter((result) => !('Code' in result)),
      Errors: results.filter((result) => 'Code' in result),
    },
  }
}

async function deleteOne(bucket: Bucket, { Key, ETag }: s3.ObjectIdentifier) {
  try {
    await bucket.remove(Key as string, writeCondition(ETag === undefined ? {} : { IfMatch: ETag, Key }))
    return { Key }
  } catch (cause) {
    if (!(cause instanceof S3Error)) throw cause
    return { Key, Code: cause.code, Message: cause.message }
  }
}
