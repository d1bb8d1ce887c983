import { type AccountSeen, groundOf } from '../account/look.ts'
import type { AccountReady } from '../account/ready.ts'
import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { lastDeployment } from '../beanstalk/health.ts'
import { environmentSettings, type Policy } from '../beanstalk/options.ts'
import { propertySetting } from '../beanstalk/option-settings.ts'
import type { VersionDescription } from '../beanstalk/ports.ts'
import type { Bundle } from '../bundle/bundle.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { type AccountLimits, examineAccount, prepareAccount } from './account.ts'
import { requestChange } from './change.ts'
import {
  bundleOf,
  type Content,
  describeContent,
  disposeOf,
  existingVersionOf,
  openContent,
} from './content.ts'
import { findDrift } from './drift.ts'
import { explainingRefusals } from './explain-refusal.ts'
import { makeChange, type Making, type Remedies, settingsAfter } from './make-change.ts'
import { type MadeVersion, makeVersion, tellVersion } from './make-version.ts'
import { describeObserved, observe, type Observed } from './observe.ts'
import { type DeployPlan, planDeploy } from './plan.ts'
import { suitRuntime } from './local-runtime.ts'
import { checkProperties, missingProperties, tellDroppedProperties } from './properties.ts'
import { type DeployOutcome, type DeployResult, type Told, tellPlan } from './result.ts'
import type { SourceRevision } from './revision.ts'
import { currentRelease, settleRelease } from './settle-release.ts'
import { stage, type Tools } from './tools.ts'
import { undoWith, type WayBack } from './undo.ts'
import { type Actor, withLock } from './with-lock.ts'
import { type Draft, type Holding, withRelease } from './with-release.ts'

export interface DeployRequest {
  target: DeployTarget
  /** Commit of the source, for label and description; undefined outside a repository. */
  revision: SourceRevision | undefined
  message?: string
  /** Label of a version that is there already and is deployed again; nothing is bundled then. */
  version?: string
  /** A zip that is deployed instead of the source; absolute. */
  bundleFile?: string
  policy?: Policy
  account: AccountLimits
  /** Ends after the plan and changes nothing. */
  dryRun: boolean
  /** Follows the change to its end and proves it. */
  wait: boolean
  /** What is done when it fails. */
  remedies: Remedies
  actor: Actor
  /** Brings options that were changed outside lucree back to the last release; they are kept otherwise. */
  revertsDrift?: boolean
  /** Hears what is about to be done, before anything is asked or changed. */
  onPlan?(told: Told): void
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

/**
 * The sentence of DESIGN.md §3: a line a stage, each taking the value of the one before. What is looked at before the lock is looked at again behind
 * it when it may have changed; an environment that somebody is just changing is looked at behind it only.
 */
async function tellStory(request: DeployRequest, tools: Tools): Promise<DeployOutcome> {
  const { target, actor } = request
  const content = await stage(tools, 'Bundle', () => openContent(request, tools), describeContent)
  try {
    suitRuntime(content, tools)
    const busy = !request.dryRun && (await isBusy(target, tools))
    const seen = busy ? undefined : await survey({ request, content }, tools)
    if (seen && request.dryRun) {
      tellDroppedProperties(content, seen, tools)
      return { ...seen.told, outcome: 'planned' }
    }
    const current =
      seen?.plan.action === 'none' ? await currentRelease(target, seen.told.version, tools) : undefined
    if (seen && current && !current.open) return unchanged(seen, current.number)
    return await withLock(tools, { target, ...actor }, (lease, held) =>
      behindLock(
        { request, content, seen, holding: { target, lease, fingerprintKey: actor.fingerprintKey } },
        held,
      ),
    )
  } finally {
    await disposeOf(content)
  }
}

/** What is, what was asked, and the difference. */
interface Survey {
  observed: Observed
  account: AccountSeen | undefined
  plan: DeployPlan
  told: Told
  existingVersion: VersionDescription | undefined
  values: Map<string, Sensitive>
}

/** Looks at all that the plan depends on, and asks for values that are missing, before anything is touched. */
async function survey(
  { request, content }: { request: DeployRequest; content: Content },
  tools: Tools,
): Promise<Survey> {
  const { target, policy } = request
  const observed = await stage(tools, 'Observe', () => observe(target, tools), describeObserved)
  const existingVersion = existingVersionOf(content, observed.versions)
  const properties = missingProperties(target, observed, request.alsoRequired)
  const account = await examineAccount({ ...request.account, target, content, observed }, tools)
  const { environment } = observed
  const { fingerprintKey } = request.actor
  const plan = planDeploy({
    ...{ target, observed, properties, policy, lacks: account?.lacks },
    existingVersion: existingVersion?.label,
    ground: account && groundOf(account),
    drift: environment && (await findDrift(target, environment, fingerprintKey, tools)),
    revertsDrift: request.revertsDrift ?? false,
  })
  const told = tellPlan(plan, content, observed)
  if (!request.dryRun) request.onPlan?.(told)
  const goesOn = !request.dryRun && plan.action !== 'none'
  const values = goesOn ? await request.valuesFor(properties) : new Map<string, Sensitive>()
  checkProperties(values, observed)
  return { observed, account, plan, told, existingVersion, values }
}

interface Behind {
  request: DeployRequest
  content: Content
  /** What was seen before the lock was taken. */
  seen: Survey | undefined
  holding: Holding
}

/** The part of the story that changes something. */
async function behindLock({ request, content, seen, holding }: Behind, tools: Tools): Promise<DeployOutcome> {
  const { target } = request
  const still = seen !== undefined && (await isAsSeen(seen.observed, target, tools))
  const now = still ? seen : await survey({ request, content }, tools)
  const { observed, plan } = now
  await settleRelease(holding, observed.environment, tools)
  if (plan.action === 'none')
    return unchanged(now, (await currentRelease(target, now.told.version, tools)).number)
  const { bucket } = holding.lease.place
  const asked = { ...request.account, target, content, observed, bucket, seen: now.account }
  const account = await prepareAccount(asked, tools)
  tellDroppedProperties(content, now, tools)
  const version = now.existingVersion
    ? { label: now.existingVersion.label, uploadedBytes: 0 }
    : await makeVersion({ request, content, account }, tools)
  const making = makingOf({ request, content, now, account, version }, tools)
  const draft: Draft = {
    command: request.actor.command,
    message: request.message,
    revision: request.version === undefined ? request.revision : undefined,
    version: version.label,
    bundle: bundleOf(content, target.application),
    settings: settingsAfter(
      observed.environment?.settings ?? environmentSettings(target, request.policy, account.ground),
      making.sent,
      making.removed,
    ),
    changed: [...now.values.keys()],
    undo: (back) => undoOf(observed, version.label, back),
  }
  return withRelease(holding, draft, tools, (previous) => makeChange(making, previous, tools))
}

interface Change {
  request: DeployRequest
  content: Content
  now: Survey
  account: AccountReady
  version: MadeVersion
}

/** The change as it is asked for, followed and judged. */
function makingOf({ request, content, now, account, version }: Change, tools: Tools): Making {
  const { target, policy, wait, remedies } = request
  const { plan, values, observed, told } = now
  const properties = [...values].map(([name, value]) => propertySetting(name, value))
  const asked = { target, plan, policy, account, version: version.label, values }
  return {
    ...{ target, wait, remedies, before: observed.environment },
    request: () => requestChange(asked, tools),
    sent: plan.action === 'update' ? [...plan.settings, ...properties] : properties,
    removed: plan.remove,
    // A change of settings that instances don't carry out isn't a deployment of theirs.
    afterDeployment:
      plan.deploysVersion || values.size > 0
        ? lastDeployment(observed.environment?.proof.instances ?? [])
        : undefined,
    told: tellVersion(told, version),
    port: content.bundle?.port,
    image: baseImageOf(content.bundle),
    claim: `was not brought to ${version.label}`,
    again: {
      command: request.actor.again ?? request.actor.command,
      does: 'waits for it and carries on',
    },
  }
}

/** Whether somebody is changing the environment right now. */
async function isBusy({ environment }: DeployTarget, { cloud, signal }: Tools): Promise<boolean> {
  const found = await cloud.beanstalk.findEnvironment(environment, signal)
  return found !== undefined && !EnvironmentStatus.of(found).isReady
}

/** Whether nothing has changed since: then what was seen before the lock holds behind it. */
async function isAsSeen(observed: Observed, { environment }: DeployTarget, tools: Tools): Promise<boolean> {
  const now = await tools.cloud.beanstalk.findEnvironment(environment, tools.signal)
  const then = observed.environment?.description
  if (!now || !then) return now === then
  const isSame = now.id === then.id && now.updatedAt?.getTime() === then.updatedAt?.getTime()
  return isSame && now.status === then.status && now.versionLabel === then.versionLabel
}

function unchanged({ told }: Survey, release: number | undefined): DeployOutcome {
  return { ...told, ...(release === undefined ? {} : { release }), outcome: 'unchanged' }
}

/** The image that a bundle is built from, where there is only one. */
function baseImageOf(bundle: Bundle | undefined): string | undefined {
  return bundle?.images.length === 1 ? bundle.images[0] : undefined
}

/** What undoes a deploy; one that made the environment is undone by nothing but its removal. */
function undoOf({ environment }: Observed, deployed: string, back: WayBack): string | undefined {
  if (!environment) return 'lucree destroy'
  if (back.rollback !== undefined) return undoWith(back)
  const { versionLabel } = environment.description
  return versionLabel === undefined || versionLabel === deployed
    ? undefined
    : `lucree deploy --version ${versionLabel}`
}
