import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { noSuchUpload } from '../errors.ts'
import { readRecord, writeRecord, type Bucket } from './bucket.ts'
import { PartRecord, UploadRecord } from './record.ts'

const UPLOAD_ID = /^[0-9a-f]{64}$/

/**
 * A multipart upload's directory in its bucket: `upload.json`, and for each part `<number>.json` and the file it names.
 * All of it is on disk, so an upload goes on after the server was killed.
 */
export class Upload {
  readonly dir: string
  readonly record: UploadRecord

  private constructor(dir: string, record: UploadRecord) {
    this.dir = dir
    this.record = record
  }

  static async create(bucket: Bucket, record: Omit<UploadRecord, 'uploadId'>): Promise<Upload> {
    const uploadId = randomUUID().replaceAll('-', '') + randomUUID().replaceAll('-', '')
    const dir = join(bucket.uploadsDir, uploadId)
    await mkdir(dir, { mode: 0o700 })
    const complete = { ...record, uploadId }
    await writeRecord(join(dir, 'upload.json'), complete)
    return new Upload(dir, complete)
  }

  /** Throws S3Error `NoSuchUpload`. */
  static async open(bucket: Bucket, uploadId: string, key: string): Promise<Upload> {
    const upload = UPLOAD_ID.test(uploadId)
      ? await Upload.#load(join(bucket.uploadsDir, uploadId))
      : undefined
    if (!upload || upload.record.key !== key) throw noSuchUpload(uploadId)
    return upload
  }

  static async #load(dir: string): Promise<Upload | undefined> {
    const record = await readRecord(join(dir, 'upload.json'), UploadRecord)
    return record && new Upload(dir, record)
  }

  /** Every upload that has begun and hasn't ended. */
  static async all(bucket: Bucket): Promise<Upload[]> {
    const names = (await readdir(bucket.uploadsDir)).filter((name) => UPLOAD_ID.test(name))
    const uploads = await Promise.all(names.map((name) => Upload.#load(join(bucket.uploadsDir, name))))
    return uploads.filter((upload) => upload !== undefined)
  }

  /** Makes written bytes a part; a part of the same number is replaced. */
  async addPart(part: PartRecord): Promise<void> {
    const path = join(this.dir, `${part.partNumber}.json`)
    const before = await readRecord(path, PartRecord)
    await writeRecord(path, part)
    if (before) await rm(join(this.dir, before.file), { force: true })
  }

  /** In the order of their numbers. */
  async parts(): Promise<PartRecord[]> {
    const names = (await readdir(this.dir)).filter((name) => /^\d+\.json$/.test(name))
    const parts = await Promise.all(names.map((name) => readRecord(join(this.dir, name), PartRecord)))
    return parts.filter((part) => part !== undefined).sort((a, b) => a.partNumber - b.partNumber)
  }

  /** The bytes of parts, one after the other. */
  async *bytesOf(parts: PartRecord[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      yield* createReadStream(join(this.dir, part.file), {
        highWaterMark: 1024 * 1024,
      }) as AsyncIterable<Buffer>
    }
  }

  /** Removes the upload and its parts. It is moved aside first: removed by half, it must not be found again. */
  async remove(): Promise<void> {
    const aside = `${this.dir}.removed`
    await rename(this.dir, aside)
    await rm(aside, { recursive: true, force: true })
  }
}
