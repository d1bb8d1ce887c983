import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Account } from '../../../account.ts'
import type { Clock } from '../../../clock.ts'
import { signerOf } from '../../../http/signature.ts'
import type { Log } from '../../../log.ts'
import { isBucketName } from '../bucket-name.ts'
import { noSuchBucket, S3Error } from '../errors.ts'
import type { ObjectStore, PresignedValidity, PutOptions, StoredObject } from '../objects.ts'
import { Bucket } from './bucket.ts'
import { firstIndex, byUtf8 } from './key-order.ts'
import { Described, type ObjectRecord } from './record.ts'
import { Serial } from './serial.ts'
import { writeData } from './write-data.ts'

export interface DiskStoreOptions {
  /** The directory that holds the buckets; made when it isn't there. */
  dir: string
  account: Pick<Account, 'credentials'>
  region: string
  clock: Clock
  log: Log
}

/** The account's buckets and objects in a directory. */
export class DiskStore implements ObjectStore {
  readonly #options: DiskStoreOptions
  readonly #buckets: Map<string, Bucket>
  readonly #serial = new Serial()

  private constructor(options: DiskStoreOptions, buckets: Map<string, Bucket>) {
    this.#options = options
    this.#buckets = buckets
  }

  static async open(options: DiskStoreOptions): Promise<DiskStore> {
    await mkdir(options.dir, { recursive: true, mode: 0o700 })
    const buckets = new Map<string, Bucket>()
    for (const name of await readdir(options.dir)) {
      const bucket = await Bucket.open(join(options.dir, name), options.log)
      if (bucket) buckets.set(name, bucket)
    }
    return new DiskStore(options, buckets)
  }

  /** Every bucket, by name. */
  get buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => byUtf8(a.record.name, b.record.name))
  }

  /** Throws S3Error `NoSuchBucket`. */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name)
    if (!bucket) throw noSuchBucket(name)
    return bucket
  }

  createBucket(name: string): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#buckets.has(name)) return
      if (!isBucketName(name)) {
        throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, {
          BucketName: name,
        })
      }
      const createdAt = this.#options.clock.now().toISOString()
      this.#buckets.set(name, await Bucket.create(join(this.#options.dir, name), { name, createdAt }))
    })
  }

  /** Throws S3Error `NoSuchBucket` or `BucketNotEmpty`. */
  deleteBucket(name: string): Promise<void> {
    return this.#serial.run(async () => {
      const bucket = this.bucket(name)
      if (!bucket.isEmpty) {
        throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
          BucketName: name,
        })
      }
      this.#buckets.delete(name)
      await bucket.destroy()
    })
  }

  async bucketExists(name: string): Promise<boolean> {
    return this.#buckets.has(name)
  }

  async setBucketPolicy(name: string, policy: string | undefined): Promise<void> {
    await this.bucket(name).update({ policy })
  }

  async stat(bucket: string, key: string): Promise<StoredObject | undefined> {
    const found = this.#buckets.get(bucket)
    const record = found?.object(key)
    return found && record ? storedObject(found, record) : undefined
  }

  async put(
    name: string,
    key: string,
    body: Readable | Buffer | string,
    options: PutOptions = {},
  ): Promise<StoredObject> {
    const bucket = this.bucket(name)
    const source = body instanceof Readable ? body : Readable.from([Buffer.from(body as string)])
    const { file, bytes, md5 } = await writeData(bucket.dataDir, source, options.signal)
    const lastModified = this.#options.clock.now().toISOString()
    const described = Described.parse(options.contentType ? { contentType: options.contentType } : {})
    const record: ObjectRecord = { ...described, key, file, bytes, etag: md5, lastModified, checksums: {} }
    await bucket.commit(record, () => {})
    return storedObject(bucket, record)
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.bucket(bucket).remove(key)
  }

  async list(name: string, prefix: string): Promise<StoredObject[]> {
    const bucket = this.bucket(name)
    const from = firstIndex(bucket.keys, (key) => byUtf8(key, prefix) >= 0)
    const found: StoredObject[] = []
    for (const key of bucket.keys.slice(from)) {
      if (!key.startsWith(prefix)) break
      found.push(storedObject(bucket, bucket.object(key) as ObjectRecord))
    }
    return found
  }

  async presignGet(
    bucket: string,
    key: string,
    { ttlSeconds, from, endpoint }: PresignedValidity,
  ): Promise<string> {
    const { account, region, clock } = this.#options
    const { host, hostname, port } = new URL(endpoint)
    const path = `/${[bucket, ...key.split('/')].map(encode).join('/')}`
    const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    const request = {
      method: 'GET',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path,
      query: {},
      headers,
    }
    const signed = await signerOf(account.credentials, region, 's3').presign(request, {
      signingDate: from ?? clock.now(),
      expiresIn: ttlSeconds,
    })
    const query = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${encode(name)}=${encode(String(value))}`,
    )
    return `http://${host}${path}?${query.join('&')}`
  }
}

/** RFC 3986, as signatures want it: encodeURIComponent leaves five characters too many alone. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const storedObject = (bucket: Bucket, record: ObjectRecord): StoredObject => ({
  key: record.key,
  path: bucket.pathOf(record),
  bytes: record.bytes,
  etag: record.etag,
  lastModified: new Date(record.lastModified),
  contentType: record.contentType,
})
