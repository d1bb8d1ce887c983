import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import { bundleKey } from '../beanstalk/upload.ts'
import { ensureVersion } from '../beanstalk/version.ts'
import { UsageError } from '../errors.ts'
import { stage, type Tools } from './tools.ts'

/** A release's version. `bundle`: it was removed, and can be registered again of this object. */
export interface ReleasedVersion {
  label: string
  bundle?: { bucket: string; key: string }
}

/** The version of a release, if it is still there, or what it was made of is. Throws a UsageError `LUC-RELEASE-VERSION-GONE` when neither is. */
export async function findReleasedVersion(
  { version: label, number, application, bundle }: ReleaseRecord,
  bucket: string,
  { cloud, signal }: Tools,
): Promise<ReleasedVersion> {
  if (label !== null) {
    const [found] = await cloud.beanstalk.describeVersions(application, [label], signal)
    if (found) return { label }
    // The name of an object is its content: another one is not what the release had.
    const isIts = bundle !== null && bundle.key === bundleKey(application, bundle.digest)
    const key = isIts ? bundle.key : undefined
    if (key !== undefined && (await cloud.bundles.size(bucket, key, signal)) !== undefined) {
      return { label, bundle: { bucket, key } }
    }
  }
  throw new UsageError(`Release ${number} can't be gone back to`, {
    code: 'LUC-RELEASE-VERSION-GONE',
    why: `its version ${label ?? ''} was removed, and so was its bundle`,
    hints: ['lucree releases   # the others'],
  })
}

/** Makes a removed version anew of its bundle; one that is there is left alone. */
export async function registerAgain(
  { label, bundle }: ReleasedVersion,
  { application, number }: ReleaseRecord,
  tools: Tools,
): Promise<void> {
  if (!bundle) return
  const description = `Registered again for the way back to release ${number}`
  const wanted = { application, label, description, bundle: { ...bundle, uploadedBytes: 0 } }
  await stage(
    tools,
    'Version',
    () => ensureVersion(tools.cloud.beanstalk, wanted, tools.signal),
    () => `${label}, registered again`,
  )
}
