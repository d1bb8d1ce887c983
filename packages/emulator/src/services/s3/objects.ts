import type { Readable } from 'node:stream'

/** An object as it lies on disk. The file is never written to again: a later put makes a new one. */
export interface StoredObject {
  key: string
  /** The file that holds its bytes. Open it at once: it is removed when the object is replaced or deleted. */
  path: string
  bytes: number
  /** Without quotes: MD5 in hex, or `<hex>-<number of parts>` of a multipart upload. */
  etag: string
  lastModified: Date
  contentType: string
}

export interface PutOptions {
  /** Default `binary/octet-stream`, as S3. */
  contentType?: string
  signal?: AbortSignal
}

/**
 * The objects of the account, for services of this process that keep something in S3 (Beanstalk's bundles and logs).
 * What is put here is what the S3 API answers, and the other way round.
 */
export interface ObjectStore {
  /** Creates a bucket, or leaves the one that is there as it is. */
  createBucket(bucket: string): Promise<void>
  bucketExists(bucket: string): Promise<boolean>
  /** The bucket's policy document (JSON), `undefined` removes it. A deny of `s3:DeleteBucket` is honoured by DeleteBucket. */
  setBucketPolicy(bucket: string, policy: string | undefined): Promise<void>
  /** `undefined` when there is no such bucket or no such key. */
  stat(bucket: string, key: string): Promise<StoredObject | undefined>
  /** Stores an object whole or not at all. Throws ServiceError `NoSuchBucket`. */
  put(
    bucket: string,
    key: string,
    body: Readable | Buffer | string,
    options?: PutOptions,
  ): Promise<StoredObject>
  /** Removes an object; one that isn't there is no error. */
  remove(bucket: string, key: string): Promise<void>
  /** Every object whose key starts with `prefix`, in the order of the keys' UTF-8 bytes. */
  list(bucket: string, prefix: string): Promise<StoredObject[]>
  /** A URL that reads the object without credentials. */
  presignGet(bucket: string, key: string, validity: PresignedValidity): Promise<string>
}

/** For how long and where a presigned URL is good. */
export interface PresignedValidity {
  /** Seconds, at most seven days. */
  ttlSeconds: number
  /** From when; without it, now. */
  from?: Date
  /** The emulator's base URL. */
  endpoint: string
}
