import type { Bundle } from '../bundle/bundle.ts'
import type { BundleStore } from './ports.ts'

/** A bundle in the account's bucket. */
export interface UploadedBundle {
  bucket: string
  key: string
  /** 0 when it was there already. */
  uploadedBytes: number
}

/** `<application>/<digest>.zip`: the name is the content, so the same content is never sent twice. */
export function bundleKey(application: string, digest: string): string {
  return `${application}/${digest}.zip`
}

/** The content that an object of lucree's own is named after; undefined of any other object. */
export function digestOf(application: string, key: string | undefined): string | undefined {
  const digest = key === undefined ? undefined : /([0-9a-f]{64})\.zip$/.exec(key)?.[1]
  return digest !== undefined && key === bundleKey(application, digest) ? digest : undefined
}

/** Sends the bundle unless the bucket has it, at its full length. */
export async function uploadBundle(
  store: BundleStore,
  { application, bucket, bundle }: { application: string; bucket: string; bundle: Bundle },
  onProgress: (uploadedBytes: number) => void,
  signal: AbortSignal,
): Promise<UploadedBundle> {
  const key = bundleKey(application, bundle.digest)
  if ((await store.size(bucket, key, signal)) === bundle.bytes) return { bucket, key, uploadedBytes: 0 }
  await store.upload({ bucket, key, path: bundle.path, bytes: bundle.bytes }, onProgress, signal)
  return { bucket, key, uploadedBytes: bundle.bytes }
}
