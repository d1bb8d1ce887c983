import { createReadStream } from 'node:fs'
import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { checksumMembers } from '../checksums.ts'
import { checkRead, writeCondition } from '../conditions.ts'
import { describedBy } from '../described.ts'
import { Described } from '../disk/record.ts'
import { writeData } from '../disk/write-data.ts'
import { invalidArgument, invalidRequest, noSuchKey, S3Error } from '../errors.ts'

/** Copies an object inside the account. */
export const copyObject: S3Action<s3.CopyObjectCommandInput> = async (input, { store, clock }) => {
  const source = readSource(input.CopySource as string)
  const from = store.bucket(source.bucket)
  const object = from.object(source.key)
  if (!object) throw noSuchKey(source.key)
  checkSource(input, object)
  const to = store.bucket(input.Bucket as string)
  const key = input.Key as string
  const replace = input.MetadataDirective === 'REPLACE'
  if (from === to && key === source.key && !replace) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
  }
  const condition = writeCondition(input)
  condition(to.object(key))
  const { file, bytes, md5 } = await writeData(to.dataDir, createReadStream(from.pathOf(object)))
  const described = replace ? describedBy(input) : Described.parse(object)
  const lastModified = clock.now()
  // a checksum of parts is none of the copy, which is one piece
  const checksums = object.checksumType === 'COMPOSITE' ? {} : object.checksums
  await to.commit(
    { ...described, key, file, bytes, etag: md5, lastModified: lastModified.toISOString(), checksums },
    condition,
  )
  const members = checksumMembers(checksums, 'FULL_OBJECT')
  return { output: { CopyObjectResult: { ETag: `"${md5}"`, LastModified: lastModified, ...members } } }
}

function checkSource(input: s3.CopyObjectCommandInput, object: Parameters<typeof checkRead>[1]): void {
  try {
    checkRead(
      {
        IfMatch: input.CopySourceIfMatch,
        IfNoneMatch: input.CopySourceIfNoneMatch,
        IfModifiedSince: input.CopySourceIfModifiedSince,
        IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
      },
      object,
    )
  } catch (cause) {
    // a copy has nobody who keeps the old one: "not modified" is a failed condition like the others
    if (!(cause instanceof S3Error) || cause.status !== 304) throw cause
    throw new S3Error(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    )
  }
}

/** `bucket/key`, percent-encoded, perhaps with a slash in front. */
function readSource(header: string): { bucket: string; key: string } {
  let text: string
  try {
    text = decodeURIComponent(header).replace(/^\//, '')
  } catch {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    )
  }
  const at = text.indexOf('/')
  if (at < 1 || at === text.length - 1) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    )
  }
  return { bucket: text.slice(0, at), key: text.slice(at + 1) }
}
