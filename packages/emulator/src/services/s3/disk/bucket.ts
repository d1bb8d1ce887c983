import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type * as z from 'zod'
import { EmulatorError } from '../../../errors.ts'
import type { Log } from '../../../log.ts'
import { readJsonFile } from '../../../state/json-file.ts'
import { byUtf8 } from './key-order.ts'
import { BucketRecord, ObjectRecord, recordName } from './record.ts'
import { Serial } from './serial.ts'

/**
 * One bucket's directory: `bucket.json`, `keys/<digest of the key>.json` (an object's record), `data/<file>` (its bytes) and `uploads/`.
 * A record is renamed into place after its bytes are written, so an object is there whole or not at all, whenever the server is killed.
 */
export class Bucket {
  readonly dir: string
  record: BucketRecord
  readonly #objects: Map<string, ObjectRecord>
  readonly #serial = new Serial()
  #sortedKeys: string[] | undefined

  private constructor(dir: string, record: BucketRecord, objects: Map<string, ObjectRecord>) {
    this.dir = dir
    this.record = record
    this.#objects = objects
  }

  static async create(dir: string, record: BucketRecord): Promise<Bucket> {
    for (const part of ['keys', 'data', 'uploads'])
      await mkdir(join(dir, part), { recursive: true, mode: 0o700 })
    await writeRecord(join(dir, 'bucket.json'), record)
    return new Bucket(dir, record, new Map())
  }

  /** Opens what an earlier server left; `undefined` when it was killed before the bucket was made, or while it was removed. */
  static async open(dir: string, log: Log): Promise<Bucket | undefined> {
    const record = await readRecord(join(dir, 'bucket.json'), BucketRecord)
    if (!record) {
      await rm(dir, { recursive: true, force: true })
      return undefined
    }
    await removeEndedUploads(join(dir, 'uploads'))
    return new Bucket(dir, record, await loadObjects(dir, log))
  }

  get dataDir(): string {
    return join(this.dir, 'data')
  }

  get uploadsDir(): string {
    return join(this.dir, 'uploads')
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0
  }

  /** Every key in S3's order. */
  get keys(): readonly string[] {
    return (this.#sortedKeys ??= [...this.#objects.keys()].sort(byUtf8))
  }

  object(key: string): ObjectRecord | undefined {
    return this.#objects.get(key)
  }

  pathOf(object: ObjectRecord): string {
    return join(this.dataDir, object.file)
  }

  /** Makes a record the object of its key, unless `precondition` throws at that very moment; the bytes of the one before are removed. */
  commit(object: ObjectRecord, precondition: (current: ObjectRecord | undefined) => void): Promise<void> {
    return this.#serial.run(async () => {
      const before = this.#objects.get(object.key)
      try {
        precondition(before)
        await writeRecord(join(this.dir, 'keys', recordName(object.key)), object)
      } catch (cause) {
        await rm(this.pathOf(object), { force: true })
        throw cause
      }
      this.#objects.set(object.key, object)
      if (!before) this.#sortedKeys = undefined
      if (before) await rm(this.pathOf(before), { force: true })
    })
  }

  /** Removes an object, unless `precondition` throws; one that isn't there is no error. */
  remove(key: string, precondition: (current: ObjectRecord | undefined) => void = () => {}): Promise<void> {
    return this.#serial.run(async () => {
      const before = this.#objects.get(key)
      precondition(before)
      if (!before) return
      await rm(join(this.dir, 'keys', recordName(key)), { force: true })
      this.#objects.delete(key)
      this.#sortedKeys = undefined
      await rm(this.pathOf(before), { force: true })
    })
  }

  /** Changes what is kept about the bucket itself. */
  update(change: Partial<BucketRecord>): Promise<void> {
    return this.#serial.run(async () => {
      const next = { ...this.record, ...change }
      await writeRecord(join(this.dir, 'bucket.json'), next)
      this.record = next
    })
  }

  /** Removes the bucket and all that is in it. Its record goes first: a kill in between leaves no half bucket. */
  async destroy(): Promise<void> {
    await rm(join(this.dir, 'bucket.json'), { force: true })
    await rm(this.dir, { recursive: true, force: true })
  }
}

/** Writes a record by rename. Not synced: it has to outlive the process, not the power. */
export const writeRecord = (path: string, record: object): Promise<void> =>
  writeFileAtomic(path, JSON.stringify(record), { mode: 0o600, fsync: false })

/** Reads a record, `undefined` when there is none. Throws EmulatorError `StateUnreadable`. */
export async function readRecord<T extends z.ZodType>(
  path: string,
  shape: T,
): Promise<z.infer<T> | undefined> {
  const found = await readJsonFile(path)
  if (found === undefined) return undefined
  const read = shape.safeParse(found)
  if (!read.success)
    throw new EmulatorError('StateUnreadable', `${path} can't be read: ${read.error.message}`)
  return read.data
}

/** Reads every record, drops those whose bytes aren't there (the power went), and removes bytes that no record names (a put was cut off). */
async function loadObjects(dir: string, log: Log): Promise<Map<string, ObjectRecord>> {
  const objects = new Map<string, ObjectRecord>()
  const files = new Set(await readdir(join(dir, 'data')))
  for (const name of await readdir(join(dir, 'keys'))) {
    const path = join(dir, 'keys', name)
    if (!name.endsWith('.json')) {
      await rm(path, { force: true })
      continue
    }
    const record = await readRecord(path, ObjectRecord)
    if (!record) continue
    const whole =
      files.delete(record.file) && (await stat(join(dir, 'data', record.file))).size === record.bytes
    if (whole) objects.set(record.key, record)
    else {
      log(`s3: ${record.key} is dropped: its bytes are not there`)
      await rm(path, { force: true })
      await rm(join(dir, 'data', record.file), { force: true })
    }
  }
  for (const orphan of files) await rm(join(dir, 'data', orphan), { force: true })
  return objects
}

/** A kill may come while an upload that ended is being removed. */
async function removeEndedUploads(dir: string): Promise<void> {
  const ended = (await readdir(dir)).filter((name) => name.endsWith('.removed'))
  for (const name of ended) await rm(join(dir, name), { recursive: true, force: true })
}
