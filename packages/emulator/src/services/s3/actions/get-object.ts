import { open, type FileHandle } from 'node:fs/promises'
import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { checksumMembers } from '../checksums.ts'
import { checkRead } from '../conditions.ts'
import { describedMembers } from '../described.ts'
import type { Bucket } from '../disk/bucket.ts'
import type { ObjectRecord } from '../disk/record.ts'
import { noSuchKey } from '../errors.ts'
import { readRange, type ByteRange } from '../range.ts'

export const getObject: S3Action<s3.GetObjectCommandInput> = async (input, { store }) => {
  const bucket = store.bucket(input.Bucket as string)
  const { object, handle } = await openObject(bucket, input.Key as string)
  try {
    checkRead(input, object)
    const range = readRange(input.Range, object.bytes)
    const head = headOf(object, input, range)
    const body = handle.createReadStream(range ? { start: range.start, end: range.end } : {})
    return { status: range ? 206 : 200, output: { ...head, ...overrides(input), Body: body } }
  } catch (cause) {
    await handle.close()
    throw cause
  }
}

export const headObject: S3Action<s3.HeadObjectCommandInput> = async (input, { store }) => {
  const object = store.bucket(input.Bucket as string).object(input.Key as string)
  if (!object) throw noSuchKey(input.Key as string)
  checkRead(input, object)
  const range = readRange(input.Range, object.bytes)
  return { status: range ? 206 : 200, output: headOf(object, input, range) }
}

/** Opens an object's bytes. Replaced between the look and the open, it is looked up once more; open, it can be read to its end. */
async function openObject(
  bucket: Bucket,
  key: string,
): Promise<{ object: ObjectRecord; handle: FileHandle }> {
  for (let attempt = 0; ; attempt++) {
    const object = bucket.object(key)
    if (!object) throw noSuchKey(key)
    try {
      return { object, handle: await open(bucket.pathOf(object)) }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || attempt > 8) throw cause
    }
  }
}

interface HeadInput {
  ChecksumMode?: string | undefined
}

function headOf(object: ObjectRecord, input: HeadInput, range: ByteRange | undefined) {
  return {
    ...describedMembers(object),
    AcceptRanges: 'bytes',
    ContentLength: range ? range.end - range.start + 1 : object.bytes,
    ContentRange: range && `bytes ${range.start}-${range.end}/${object.bytes}`,
    ETag: `"${object.etag}"`,
    LastModified: new Date(object.lastModified),
    // a checksum is of the whole object: with a part of it, it would only be found wrong
    ...(input.ChecksumMode === 'ENABLED' && !range
      ? checksumMembers(object.checksums, object.checksumType ?? 'FULL_OBJECT')
      : {}),
  }
}

/** `response-content-type` and its kin: what the asker wants to read in the answer's headers. */
function overrides(input: s3.GetObjectCommandInput): Record<string, unknown> {
  const asked = {
    ContentType: input.ResponseContentType,
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    Expires: input.ResponseExpires,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}
