import type * as s3 from '@aws-sdk/client-s3'
import type { S3Action } from '../action.ts'
import { checksumMembers, isChecksumAlgorithm } from '../checksums.ts'
import { describedBy } from '../described.ts'
import { byUtf8 } from '../disk/key-order.ts'
import { Upload } from '../disk/upload.ts'
import { writeData } from '../disk/write-data.ts'
import { invalidArgument, invalidRequest } from '../errors.ts'
import { refuseAcl } from './put-object.ts'

/** CRC-64 can only be told of the whole object, digests only of the parts' digests (S3 user guide, "checking object integrity"). */
const defaultType = (algorithm: string) => (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')

export const createMultipartUpload: S3Action<s3.CreateMultipartUploadCommandInput> = async (
  input,
  { store, clock },
) => {
  const bucket = store.bucket(input.Bucket as string)
  refuseAcl(bucket, input)
  const { ChecksumAlgorithm: algorithm, Key: key } = input
  if (algorithm !== undefined && !isChecksumAlgorithm(algorithm)) {
    throw invalidRequest('Checksum algorithm provided is unsupported.')
  }
  const type = input.ChecksumType ?? (algorithm && defaultType(algorithm))
  const { record } = await Upload.create(bucket, {
    ...describedBy(input),
    key: key as string,
    initiated: clock.now().toISOString(),
    ...(algorithm ? { checksumAlgorithm: algorithm } : {}),
    ...(type ? { checksumType: type } : {}),
  })
  return {
    output: {
      Bucket: input.Bucket,
      Key: key,
      UploadId: record.uploadId,
      ChecksumAlgorithm: algorithm,
      ChecksumType: algorithm && type,
    },
  }
}

export const uploadPart: S3Action<s3.UploadPartCommandInput> = async (input, { store, clock, body }) => {
  const upload = await Upload.open(
    store.bucket(input.Bucket as string),
    input.UploadId as string,
    input.Key as string,
  )
  const partNumber = input.PartNumber as number
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      String(partNumber),
    )
  }
  const { file, bytes, md5 } = await writeData(upload.dir, body.stream)
  const { checksums } = body
  await upload.addPart({
    partNumber,
    file,
    bytes,
    etag: md5,
    lastModified: clock.now().toISOString(),
    checksums,
  })
  return { output: { ETag: `"${md5}"`, ...checksumMembers(checksums) } }
}

export const abortMultipartUpload: S3Action<s3.AbortMultipartUploadCommandInput> = async (
  input,
  { store },
) => {
  const upload = await Upload.open(
    store.bucket(input.Bucket as string),
    input.UploadId as string,
    input.Key as string,
  )
  await upload.remove()
  return { output: {} }
}

export const listParts: S3Action<s3.ListPartsCommandInput> = async (input, { store }) => {
  const upload = await Upload.open(
    store.bucket(input.Bucket as string),
    input.UploadId as string,
    input.Key as string,
  )
  const max = Math.min(input.MaxParts ?? 1000, 1000)
  const marker = Number(input.PartNumberMarker ?? 0)
  const parts = (await upload.parts()).filter(({ partNumber }) => partNumber > marker)
  const page = parts.slice(0, max)
  const truncated = page.length < parts.length
  return {
    output: {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: input.UploadId,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: truncated ? String(page.at(-1)?.partNumber ?? marker) : undefined,
      MaxParts: max,
      IsTruncated: truncated,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: upload.record.checksumAlgorithm,
      ChecksumType: upload.record.checksumType,
      Parts: page.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.lastModified),
        ETag: `"${part.etag}"`,
        Size: part.bytes,
        ...checksumMembers(part.checksums),
      })),
    },
  }
}

export const listMultipartUploads: S3Action<s3.ListMultipartUploadsCommandInput> = async (
  input,
  { store },
) => {
  const max = Math.min(input.MaxUploads ?? 1000, 1000)
  const { KeyMarker: key = '', UploadIdMarker: id = '' } = input
  const uploads = (await Upload.all(store.bucket(input.Bucket as string)))
    .map(({ record }) => record)
    .filter((upload) => upload.key.startsWith(input.Prefix ?? ''))
    .filter(
      (upload) => byUtf8(upload.key, key) > 0 || (upload.key === key && id !== '' && upload.uploadId > id),
    )
    .sort((a, b) => byUtf8(a.key, b.key) || byUtf8(a.uploadId, b.uploadId))
  const page = uploads.slice(0, max)
  const truncated = page.length < uploads.length
  return {
    output: {
      Bucket: input.Bucket,
      Prefix: input.Prefix,
      KeyMarker: key,
      UploadIdMarker: id,
      NextKeyMarker: truncated ? page.at(-1)?.key : undefined,
      NextUploadIdMarker: truncated ? page.at(-1)?.uploadId : undefined,
      MaxUploads: max,
      IsTruncated: truncated,
      Uploads: page.map((upload) => ({
        Key: upload.key,
        UploadId: upload.uploadId,
        Initiated: new Date(upload.initiated),
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
      })),
    },
  }
}
