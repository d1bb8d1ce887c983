import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import type { Bucket } from '../disk/bucket.ts'
import type { ObjectRecord } from '../disk/record.ts'
import { invalidArgument } from '../errors.ts'
import { listPage } from '../listing.ts'

const MOST = 1000

export const listObjectsV2: S3Action<s3.ListObjectsV2CommandInput> = async (input, { store }) => {
  const bucket = store.bucket(input.Bucket as string)
  const max = mostKeys(input.MaxKeys)
  const after = input.ContinuationToken === undefined ? input.StartAfter : readToken(input.ContinuationToken)
  const { Prefix: prefix = '', Delimiter: delimiter } = input
  const page = listPage(bucket.keys, { prefix, delimiter, after: after ?? '', max })
  const text = encoder(input.EncodingType)
  return {
    output: {
      Name: input.Bucket,
      Prefix: text(prefix),
      Delimiter: delimiter && text(delimiter),
      StartAfter: input.StartAfter && text(input.StartAfter),
      MaxKeys: max,
      KeyCount: page.keys.length + page.commonPrefixes.length,
      EncodingType: input.EncodingType,
      ContinuationToken: input.ContinuationToken,
      IsTruncated: page.next !== undefined,
      NextContinuationToken: page.next === undefined ? undefined : writeToken(page.next),
      Contents: page.keys.map((key) => entry(bucket, key, text)),
      CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: text(common) })),
    },
  }
}

/** The first version of the call, which some clients still use: it goes on by key. */
export const listObjects: S3Action<s3.ListObjectsCommandInput> = async (input, { store }) => {
  const bucket = store.bucket(input.Bucket as string)
  const max = mostKeys(input.MaxKeys)
  const { Prefix: prefix = '', Delimiter: delimiter, Marker: after = '' } = input
  const page = listPage(bucket.keys, { prefix, delimiter, after, max })
  const text = encoder(input.EncodingType)
  return {
    output: {
      Name: input.Bucket,
      Prefix: text(prefix),
      Delimiter: delimiter && text(delimiter),
      Marker: text(after),
      MaxKeys: max,
      EncodingType: input.EncodingType,
      IsTruncated: page.next !== undefined,
      NextMarker: page.next === undefined ? undefined : text(page.next),
      Contents: page.keys.map((key) => entry(bucket, key, text)),
      CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: text(common) })),
    },
  }
}

/** A key may hold characters that XML can't carry; asked for `url`, they come percent-encoded. */
const encoder = (type: string | undefined) => (text: string) =>
  type === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+') : text

function entry(bucket: Bucket, key: string, text: (key: string) => string) {
  const object = bucket.object(key) as ObjectRecord
  const algorithms = Object.keys(object.checksums)
  return {
    Key: text(key),
    LastModified: new Date(object.lastModified),
    ETag: `"${object.etag}"`,
    Size: object.bytes,
    StorageClass: 'STANDARD',
    ...(algorithms.length
      ? { ChecksumAlgorithm: algorithms, ChecksumType: object.checksumType ?? 'FULL_OBJECT' }
      : {}),
  }
}

/** At most a thousand, whatever is asked. Throws S3Error `InvalidArgument`. */
function mostKeys(asked: number | undefined): number {
  if (asked === undefined) return MOST
  if (asked < 0)
    throw invalidArgument(
      'Argument maxKeys must be an integer between 0 and 2147483647',
      'maxKeys',
      String(asked),
    )
  return Math.min(asked, MOST)
}

const writeToken = (after: string) => Buffer.from(after).toString('base64url')

function readToken(token: string): string {
  const after = Buffer.from(token, 'base64url').toString()
  if (!after || writeToken(after) !== token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
  }
  return after
}
