import type { AccountReady } from '../account/ready.ts'
import { type UploadedBundle, uploadBundle } from '../beanstalk/upload.ts'
import { type ApplicationVersion, ensureVersion, versionLabel } from '../beanstalk/version.ts'
import type { Bundle } from '../bundle/bundle.ts'
import type { Content } from './content.ts'
import { descriptionOf, type SourceRevision } from './revision.ts'
import type { Told } from './result.ts'
import { stage, type Tools } from './tools.ts'

/** What a version is made of and described by. */
export interface VersionRequest {
  target: { application: string }
  revision: SourceRevision | undefined
  message?: string
}

export interface MadeVersion {
  label: string
  uploadedBytes: number
}

/** Upload and version: what an environment needs before it can be pointed at new content. */
export async function makeVersion(
  { request, content, account }: { request: VersionRequest; content: Content; account: AccountReady },
  tools: Tools,
): Promise<MadeVersion> {
  const { application } = request.target
  const { bundle } = content
  if (!bundle) throw new TypeError('a version that was named exists')
  const uploaded = await stage(
    tools,
    'Upload',
    () => sendBundle(bundle, { application, bucket: account.bucket }, tools),
    ({ uploadedBytes }) =>
      uploadedBytes === 0 ? 'already there, nothing sent' : `${uploadedBytes} bytes sent`,
  )
  const version = await stage(
    tools,
    'Version',
    () => registerVersion({ request, bundle, uploaded }, tools),
    ({ label }) => label,
  )
  return { label: version.label, uploadedBytes: uploaded.uploadedBytes }
}

function sendBundle(
  bundle: Bundle,
  to: { application: string; bucket: string },
  tools: Tools,
): Promise<UploadedBundle> {
  const { progress, clock, deadline, cloud, signal } = tools
  const began = clock.now()
  const said = (sent: number) =>
    progress.emit({
      kind: 'waiting',
      reason: `${sent} of ${bundle.bytes} bytes are sent`,
      sinceMs: clock.now() - began,
      deadlineMs: deadline - began,
    })
  return uploadBundle(cloud.bundles, { ...to, bundle }, said, signal)
}

function registerVersion(
  { request, bundle, uploaded }: { request: VersionRequest; bundle: Bundle; uploaded: UploadedBundle },
  { cloud, clock, signal }: Tools,
): Promise<ApplicationVersion> {
  const label = versionLabel(new Date(clock.now()), request.revision?.commit, bundle.digest)
  const description = descriptionOf(request.message, request.revision)
  return ensureVersion(
    cloud.beanstalk,
    { application: request.target.application, label, description, bundle: uploaded },
    signal,
  )
}

export function tellVersion(told: Told, { label, uploadedBytes }: MadeVersion): Told {
  return { ...told, version: label, ...(told.bundle ? { bundle: { ...told.bundle, uploadedBytes } } : {}) }
}
