import { createHash } from 'node:crypto'
import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import {
  checksumMembers,
  checksumsOf,
  compositeChecksum,
  startChecksum,
  type ChecksumAlgorithm,
  type Checksums,
} from '../checksums.ts'
import { writeCondition } from '../conditions.ts'
import { Described, type PartRecord } from '../disk/record.ts'
import { Upload } from '../disk/upload.ts'
import { writeBytes } from '../disk/write-data.ts'
import { S3Error } from '../errors.ts'

/** Every part but the last has to have it. */
const SMALLEST_PART = 5 * 1024 * 1024

/** Puts the parts together into the object, if they are those that the client lists and its conditions hold. */
export const completeMultipartUpload: S3Action<s3.CompleteMultipartUploadCommandInput> = async (
  input,
  { store, clock, endpoint },
) => {
  const bucket = store.bucket(input.Bucket as string)
  const key = input.Key as string
  const upload = await Upload.open(bucket, input.UploadId as string, key)
  const condition = writeCondition(input)
  const parts = chosenParts(input.MultipartUpload?.Parts ?? [], await upload.parts())
  condition(bucket.object(key))

  const sum = await summed(upload, parts)
  const written = await writeBytes(bucket.dataDir, checkedAtEnd(sum, input))
  const checksums = await sum.checksums()
  const type = Object.keys(checksums).length ? upload.record.checksumType : undefined
  const etag = multipartEtag(parts)
  await bucket.commit(
    {
      ...Described.parse(upload.record),
      key,
      file: written.file,
      bytes: written.bytes,
      etag,
      lastModified: clock.now().toISOString(),
      checksums,
      ...(type ? { checksumType: type } : {}),
      parts: parts.map(({ bytes }) => bytes),
    },
    condition,
  )
  await upload.remove()
  const Location = `${endpoint}/${input.Bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
  return {
    output: {
      Location,
      Bucket: input.Bucket,
      Key: key,
      ETag: `"${etag}"`,
      ...checksumMembers(checksums, type),
    },
  }
}

/** The MD5 of the parts' MD5s, and how many they were: not the MD5 of the object. */
function multipartEtag(parts: PartRecord[]): string {
  const md5 = createHash('md5')
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'))
  return `${md5.digest('hex')}-${parts.length}`
}

const differs = (given: Checksums, found: Checksums): boolean =>
  Object.entries(given).some(([name, value]) => {
    const own = found[name as ChecksumAlgorithm]
    return own !== undefined && own !== value
  })

/** The parts that the client lists, each there as listed. Throws S3Error `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `MalformedXML`. */
function chosenParts(listed: s3.CompletedPart[], there: PartRecord[]): PartRecord[] {
  if (!listed.length) throw new S3Error('MalformedXML', 'You must specify at least one part')
  const byNumber = new Map(there.map((part) => [part.partNumber, part]))
  const parts = listed.map((wanted, index) => {
    const number = wanted.PartNumber ?? 0
    if (index && number <= (listed[index - 1]?.PartNumber ?? 0)) {
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      )
    }
    const part = byNumber.get(number)
    const same =
      part?.etag === wanted.ETag?.replaceAll('"', '') && !differs(checksumsOf(wanted), part?.checksums ?? {})
    if (!part || !same) throw invalidPart(number, wanted.ETag ?? '')
    return part
  })
  const small = parts.slice(0, -1).find(({ bytes }) => bytes < SMALLEST_PART)
  if (small) throw tooSmall(small)
  return parts
}

const invalidPart = (number: number, etag: string) =>
  new S3Error(
    'InvalidPart',
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { PartNumber: String(number), ETag: etag },
  )

const tooSmall = (part: PartRecord) =>
  new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
    ProposedSize: String(part.bytes),
    MinSizeAllowed: String(SMALLEST_PART),
    PartNumber: String(part.partNumber),
    ETag: part.etag,
  })

/** The object's bytes, and its checksum once they have passed. */
interface Sum {
  bytes: AsyncIterable<Uint8Array>
  checksums(): Promise<Checksums>
}

/** Fails at the end, so that nothing is stored, when the object isn't what the client says it put together. */
async function* checkedAtEnd(sum: Sum, input: s3.CompleteMultipartUploadCommandInput) {
  let length = 0
  for await (const chunk of sum.bytes) {
    length += chunk.byteLength
    yield chunk
  }
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== length) {
    throw new S3Error('InvalidRequest', 'The provided MpuObjectSize does not match what was uploaded.')
  }
  if (differs(checksumsOf(input), await sum.checksums())) {
    throw new S3Error('BadDigest', 'The checksum you specified did not match the calculated checksum.')
  }
}

/** A checksum is of the whole, or of the parts' checksums. */
async function summed(upload: Upload, parts: PartRecord[]): Promise<Sum> {
  const { checksumAlgorithm: algorithm, checksumType } = upload.record
  const bytes = upload.bytesOf(parts)
  if (!algorithm) return { bytes, checksums: () => Promise.resolve({}) }
  if (checksumType === 'COMPOSITE') {
    const each = parts.flatMap((part) => part.checksums[algorithm] ?? [])
    if (each.length < parts.length) return { bytes, checksums: () => Promise.resolve({}) }
    const checksum = await compositeChecksum(algorithm, each)
    return { bytes, checksums: () => Promise.resolve({ [algorithm]: checksum }) }
  }
  const running = startChecksum(algorithm)
  let digest: Promise<Uint8Array> | undefined
  async function* counted() {
    for await (const chunk of bytes) {
      running.update(chunk)
      yield chunk
    }
  }
  const checksums = async () => ({
    [algorithm]: Buffer.from(await (digest ??= running.digest())).toString('base64'),
  })
  return { bytes: counted(), checksums }
}
