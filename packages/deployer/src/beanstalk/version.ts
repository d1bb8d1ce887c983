import { CloudError, UsageError } from '../errors.ts'
import type { Beanstalk, VersionDescription } from './ports.ts'
import type { UploadedBundle } from './upload.ts'

/** Digits of the digest that a label carries: 48 bits, far more than an account's 1,000 versions can make collide. */
const DIGEST_DIGITS = 12

/** A version that Beanstalk can deploy. */
export interface ApplicationVersion {
  label: string
}

/** `20261122-173001-4f2c1ab-0c6d…`: when, which commit (when there is one), what content. At most 100 characters (facts sheet §3). */
export function versionLabel(at: Date, commit: string | undefined, digest: string): string {
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return [stamp, ...(commit ? [commit.slice(0, 7)] : []), digest.slice(0, DIGEST_DIGITS)].join('-')
}

/** The version that was made of exactly this content, the newest when there are several. One that Beanstalk failed to process doesn't count. */
export function versionOfContent(
  versions: VersionDescription[],
  digest: string,
): VersionDescription | undefined {
  return versions
    .filter(
      ({ label, status }) => label.endsWith(`-${digest.slice(0, DIGEST_DIGITS)}`) && status !== 'failed',
    )
    .sort((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))[0]
}

/** Registers the uploaded bundle. A repeated call whose first answer was lost finds the version there, which is as good. */
export async function ensureVersion(
  beanstalk: Beanstalk,
  wanted: { application: string; label: string; description: string; bundle: UploadedBundle },
  signal: AbortSignal,
): Promise<ApplicationVersion> {
  const { application, label, description, bundle } = wanted
  try {
    await beanstalk.createVersion(
      { application, label, description, bucket: bundle.bucket, key: bundle.key },
      signal,
    )
  } catch (error) {
    const [found] =
      error instanceof CloudError ? await beanstalk.describeVersions(application, [label], signal) : []
    if (found?.key !== bundle.key) throw error
  }
  return { label }
}

/** The version that `--version LABEL` names. */
export async function namedVersion(
  beanstalk: Beanstalk,
  application: string,
  label: string,
  signal: AbortSignal,
): Promise<VersionDescription> {
  const [found] = await beanstalk.describeVersions(application, [label], signal)
  if (found) return found
  const others = await beanstalk.describeVersions(application, undefined, signal)
  throw new UsageError(`There is no version ${label} of ${application}`, {
    code: 'LUC-VERSION-UNKNOWN',
    why: countOf(others.length),
    hints: others.slice(0, 3).map((version) => `lucree deploy --version ${version.label}`),
  })
}

function countOf(others: number): string {
  if (others === 0) return 'the application has no versions yet'
  return others === 1 ? 'it has one other' : `it has ${others} others`
}
