import type { AccountReady } from '../account/ready.ts'
import { type ApplicationVersion, ensureVersion, versionLabel } from '../beanstalk/version.ts'
import { type UploadedBundle, uploadBundle } from '../beanstalk/upload.ts'
import { lastDeployment } from '../beanstalk/health.ts'
import { type Policy, propertySetting } from '../beanstalk/options.ts'
import type { Bundle } from '../bundle/bundle.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { type AccountLimits, examineAccount, prepareAccount } from './account.ts'
import { requestChange } from './change.ts'
import { conclude } from './conclude.ts'
import { type Content, describeContent, disposeOf, existingVersionOf, openContent } from './content.ts'
import { explainingRefusals } from './explain-refusal.ts'
import { describeObserved, observe, type Observed } from './observe.ts'
import { planDeploy } from './plan.ts'
import { checkProperties, missingProperties } from './properties.ts'
import { type DeployOutcome, type DeployResult, type Told, tellPlan } from './result.ts'
import { descriptionOf, type SourceRevision } from './revision.ts'
import { stage, type Tools } from './tools.ts'

export interface DeployRequest {
  target: DeployTarget
  /** Commit of the source, for label and description; undefined outside a repository. */
  revision: SourceRevision | undefined
  message?: string
  /** Label of a version that is there already and is deployed again; nothing is bundled then. */
  version?: string
  policy?: Policy
  account: AccountLimits
  /** Ends after the plan and changes nothing. */
  dryRun: boolean
  /** Follows the change to its end and proves it. */
  wait: boolean
  /** Names that the environment must have beside those that the project file requires. */
  alsoRequired: string[]
  /** Gets values for names that the environment lacks, or throws before anything is touched. */
  valuesFor(names: string[]): Promise<Map<string, Sensitive>>
}

/** Brings the target to the content of its source. An outcome that had to be expected is a value; what was refused or broke is thrown. */
export async function deploy(request: DeployRequest, tools: Tools): Promise<DeployResult> {
  const began = tools.clock.now()
  const outcome = await explainingRefusals(() => tellStory(request, tools))
  return { ...outcome, durationMs: tools.clock.now() - began }
}

/** The sentence of DESIGN.md §3: a line a stage, each taking the value of the one before. */
async function tellStory(request: DeployRequest, tools: Tools): Promise<DeployOutcome> {
  const { target, policy } = request
  const content = await stage(tools, 'Bundle', () => openContent(request, tools), describeContent)
  try {
    const observed = await stage(tools, 'Observe', () => observe(target, tools), describeObserved)
    const existingVersion = existingVersionOf(content, observed.versions)
    const properties = missingProperties(target, observed, request.alsoRequired)
    const asked = { ...request.account, target, content, observed }
    const seen = await examineAccount(asked, tools)
    const plan = planDeploy({
      ...{ target, observed, properties, policy, lacks: seen?.lacks },
      existingVersion: existingVersion?.label,
    })
    const told = tellPlan(plan, content, observed)
    if (request.dryRun) return { ...told, outcome: 'planned' }
    if (plan.action === 'none') return { ...told, outcome: 'unchanged' }

    const values = await request.valuesFor(properties)
    checkProperties(values, observed)
    const account = await prepareAccount({ ...asked, seen }, tools)
    const version = existingVersion
      ? { label: existingVersion.label, uploadedBytes: 0 }
      : await makeVersion({ request, content, account }, tools)
    const change = await requestChange(
      { target, plan, policy, account, version: version.label, values },
      tools,
    )
    const changed = tellVersion(told, version)
    if (!request.wait) return { ...changed, outcome: 'started' }
    const sentProperties = [...values].map(([name, value]) => propertySetting(name, value))
    return await conclude(
      {
        target,
        change,
        sent: plan.action === 'update' ? [...plan.settings, ...sentProperties] : sentProperties,
        removed: [],
        // A change of settings that instances don't carry out isn't a deployment of theirs.
        afterDeployment:
          plan.deploysVersion || values.size > 0
            ? lastDeployment(observed.environment?.proof.instances ?? [])
            : undefined,
        told: changed,
        port: content.bundle?.port,
        image: baseImageOf(content.bundle),
        claim: `was not brought to ${version.label}`,
        recovery: wayBack(observed, version.label),
        again: 'lucree deploy   # waits for it and carries on',
      },
      tools,
    )
  } finally {
    await disposeOf(content)
  }
}

/** The image that a bundle is built from, where there is only one. */
function baseImageOf(bundle: Bundle | undefined): string | undefined {
  return bundle?.images.length === 1 ? bundle.images[0] : undefined
}

/** The version that worked before, deployed again; after a failed first deploy, the end of what it costs. */
function wayBack({ environment }: Observed, failed: string): string[] {
  if (!environment) return ['lucree destroy   # what runs without working is billed all the same']
  const { versionLabel } = environment.description
  if (versionLabel === undefined || versionLabel === failed) return []
  return [`lucree deploy --version ${versionLabel}   # back to what was deployed before`]
}

interface MadeVersion {
  label: string
  uploadedBytes: number
}

/** Upload and version: what an environment needs before it can be pointed at new content. */
async function makeVersion(
  { request, content, account }: { request: DeployRequest; content: Content; account: AccountReady },
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
  { request, bundle, uploaded }: { request: DeployRequest; bundle: Bundle; uploaded: UploadedBundle },
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

function tellVersion(told: Told, { label, uploadedBytes }: MadeVersion): Told {
  return { ...told, version: label, ...(told.bundle ? { bundle: { ...told.bundle, uploadedBytes } } : {}) }
}
