import type { DiskStore } from './disk/store.ts'
import { Upload } from './disk/upload.ts'

/** Every bucket by its ARN, every object as `s3://bucket/key`, and every upload that hasn't ended as `s3://bucket/key?uploadId=…`. */
export async function inventoryOf({ buckets }: DiskStore): Promise<string[]> {
  const held = buckets.map(async (bucket) => {
    const { name } = bucket.record
    const uploads = (await Upload.all(bucket)).map(({ record }) => record)
    return [
      `arn:aws:s3:::${name}`,
      ...bucket.keys.map((key) => `s3://${name}/${key}`),
      ...uploads.map(({ key, uploadId }) => `s3://${name}/${key}?uploadId=${uploadId}`),
    ]
  })
  return (await Promise.all(held)).flat()
}
