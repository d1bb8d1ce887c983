import { createHash } from 'node:crypto'
import * as z from 'zod'
import { isChecksumAlgorithm, type Checksums } from '../checksums.ts'

const Checksums = z
  .record(z.string().refine(isChecksumAlgorithm), z.string())
  .transform((checksums) => checksums as Checksums)

/** What the client says about an object and gets back with it. */
export const Described = z.object({
  contentType: z.string().default('binary/octet-stream'),
  cacheControl: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentEncoding: z.string().optional(),
  contentLanguage: z.string().optional(),
  expires: z.string().optional(),
  /** The `x-amz-meta-` headers, without that prefix. */
  metadata: z.record(z.string(), z.string()).default({}),
})
export type Described = z.infer<typeof Described>

/** An object's entry; while this file isn't there, neither is the object. */
export const ObjectRecord = Described.extend({
  key: z.string(),
  /** The name of the file in `data/` that holds its bytes. */
  file: z.string().regex(/^[\w-]+$/),
  bytes: z.number().int().nonnegative(),
  etag: z.string(),
  lastModified: z.iso.datetime(),
  checksums: Checksums.default({}),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
  /** Bytes of each part of a multipart object, in order. */
  parts: z.array(z.number()).optional(),
})
export type ObjectRecord = z.infer<typeof ObjectRecord>

export const BucketRecord = z.object({
  name: z.string(),
  createdAt: z.iso.datetime(),
  /** A bucket policy, as it was sent. */
  policy: z.string().optional(),
  /** ObjectOwnership of its ownership controls. */
  ownership: z.string().optional(),
})
export type BucketRecord = z.infer<typeof BucketRecord>

export const UploadRecord = Described.extend({
  uploadId: z.string(),
  key: z.string(),
  initiated: z.iso.datetime(),
  checksumAlgorithm: z.string().refine(isChecksumAlgorithm).optional(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
})
export type UploadRecord = z.infer<typeof UploadRecord>

export const PartRecord = z.object({
  partNumber: z.number().int().min(1).max(10_000),
  file: z.string().regex(/^[\w-]+$/),
  bytes: z.number().int().nonnegative(),
  etag: z.string(),
  lastModified: z.iso.datetime(),
  checksums: Checksums.default({}),
})
export type PartRecord = z.infer<typeof PartRecord>

/** A key may hold anything and be 1,024 bytes long: its record's file is named by its digest. */
export const recordName = (key: string): string => `${createHash('sha256').update(key).digest('hex')}.json`
