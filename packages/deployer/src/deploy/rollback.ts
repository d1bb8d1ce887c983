import type { Lease } from '../beanstalk/lock/lease.ts'
import { updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment } from '../beanstalk/health.ts'
import { PROPERTIES } from '../beanstalk/option-settings.ts'
import { type Restoration, restoration } from '../beanstalk/releases/release-options.ts'
import type { History } from '../beanstalk/releases/history.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import type { DeployTarget } from '../config/target.ts'
import { UsageError } from '../errors.ts'
import { findDrift } from './drift.ts'
import { effectOf } from './effects.ts'
import { makeChange, type Making, type Remedies, settingsAfter } from './make-change.ts'
import { observeEnvironment } from './observe-environment.ts'
import type { ObservedEnvironment } from './observe.ts'
import { planChange, type PlanStep } from './plan.ts'
import { findReleasedVersion, registerAgain, type ReleasedVersion } from './released-version.ts'
import { chooseRelease, openHistory } from './releases.ts'
import { type DeployOutcome, type DeployResult, tellPlan, type Told } from './result.ts'
import { settleRelease } from './settle-release.ts'
import { findEnvironment } from './status.ts'
import { stage, type Tools, waiting } from './tools.ts'
import { secretOf, type WayBack } from './undo.ts'
import { type Actor, withLock } from './with-lock.ts'
import { type Holding, releasingOf, withRelease } from './with-release.ts'

export interface RollbackRequest {
  target: DeployTarget
  /** Number of the release to go back to; undefined: the last that was deployed before the current one. */
  release: number | undefined
  /** Also goes back to the values that secrets had; refused where they are kept nowhere. */
  withSecrets: boolean
  message: string | undefined
  /** Ends after the plan and changes nothing. */
  dryRun: boolean
  /** Hears what is about to be done, before anything is changed. */
  onPlan(told: Told): void
  wait: boolean
  remedies: Remedies
  actor: Actor
}

/** Brings the environment back to the version and the options of an earlier release, as a release of its own. Secrets stay at their newest. */
export async function rollback(request: RollbackRequest, tools: Tools): Promise<DeployResult> {
  const began = tools.clock.now()
  const { target, actor, dryRun } = request
  const outcome = dryRun
    ? await foresee(request, tools)
    : // Looked for before the lock, which would make the bucket for an environment that isn't there.
      await findEnvironment(target, tools).then(() =>
        withLock(tools, { target, ...actor }, (lease, held) => goBack(request, lease, held)),
      )
  return { ...outcome, durationMs: tools.clock.now() - began }
}

async function foresee(request: RollbackRequest, tools: Tools): Promise<DeployOutcome> {
  const before = await observeStage(request.target, tools)
  const { told } = await survey(request, before, await openHistory(request.target, tools), tools)
  return { ...told, outcome: 'planned' }
}

async function goBack(request: RollbackRequest, lease: Lease, tools: Tools): Promise<DeployOutcome> {
  const { target, actor } = request
  const holding: Holding = { target, lease, fingerprintKey: actor.fingerprintKey }
  const before = await observeStage(target, tools)
  await settleRelease(holding, before, tools)
  const { history } = releasingOf(holding, tools)
  const way = await survey(request, before, history, tools)
  const { release, version, back, told } = way
  if (told.steps.length === 0) return { ...told, release: release.number, outcome: 'unchanged' }
  request.onPlan(told)
  await registerAgain(version, release, tools)
  const making = makingOf(request, way, tools)
  const draft = {
    command: actor.command,
    message: request.message ?? `Back to release ${release.number}`,
    revision: release.revision ?? undefined,
    bundle: release.bundle ?? undefined,
    changed: [],
    undo: ({ rollback: back }: WayBack) => back ?? redeployed(before, version.label),
    version: version.label,
    settings: settingsAfter(before.settings, back.settings, back.remove),
  }
  return withRelease(holding, draft, tools, (previous) => makeChange(making, previous, tools))
}

function observeStage(target: DeployTarget, tools: Tools): Promise<ObservedEnvironment> {
  return stage(
    tools,
    'Observe',
    () => observeEnvironment(target, tools),
    ({ description }) => `${description.name} has ${description.versionLabel ?? 'no version'}`,
  )
}

/** From what is to the release: all that the way back consists of. */
interface Way {
  before: ObservedEnvironment
  release: ReleaseRecord
  version: ReleasedVersion
  back: Restoration
  deploys: boolean
  told: Told
}

async function survey(
  request: RollbackRequest,
  before: ObservedEnvironment,
  history: History,
  tools: Tools,
): Promise<Way> {
  const { target, actor } = request
  const release = await chooseRelease(history, { number: request.release, now: before }, tools.signal)
  const version = await findReleasedVersion(release, history.place.bucket, tools)
  const back = await optionsOf(release, { before, request }, tools)
  if (back.staying.length > 0) {
    const message = `${back.staying.join(', ')}: not as in release ${release.number}, and left as it is now`
    tools.progress.emit({ kind: 'warning', message })
  }
  const deploys = before.description.versionLabel !== version.label || !before.proof.proven
  const plan = planChange({
    ...{ target, environment: before, version: version.label, deploysVersion: deploys },
    steps: stepsOf(release, { before, back, version }),
    ...{ settings: back.settings, remove: back.remove },
    drift: await findDrift(target, before, actor.fingerprintKey, tools),
  })
  return { before, release, version, back, deploys, told: tellPlan(plan, {}, { environment: before }) }
}

async function optionsOf(
  release: ReleaseRecord,
  { before, request }: { before: ObservedEnvironment; request: RollbackRequest },
  { cloud, signal }: Tools,
): Promise<Restoration> {
  const { application, savedConfiguration } = release
  const saved =
    savedConfiguration === null
      ? undefined
      : await cloud.configurations.read(application, savedConfiguration, signal)
  const key = request.actor.fingerprintKey
  const isSecret = secretOf(request.target.variables)
  const back = restoration(release, { saved, current: before.settings, key, isSecret })
  const kept = (name: string) => !isSecret(name) && !release.withheld.includes(name)
  const secrets = back.staying.filter((name) => !kept(name))
  if (!request.withSecrets || secrets.length === 0) return back
  throw new UsageError(
    `The values that ${secrets.join(' and ')} had in release ${release.number} are kept nowhere`,
    {
      code: 'LUC-ROLLBACK-SECRETS',
      why: 'lucree stores no value of a secret property, so that one that was revoked can’t come back',
      hints: [
        `lucree rollback ${release.number}   # leaves them at their newest`,
        ...secrets.map((name) => `lucree env set ${name}   # asks for the value`),
      ],
    },
  )
}

/** The way to what was there before, where that was no release that worked. */
function redeployed({ description }: ObservedEnvironment, version: string): string | undefined {
  const { versionLabel } = description
  return versionLabel === undefined || versionLabel === version
    ? undefined
    : `lucree deploy --version ${versionLabel}`
}

function stepsOf(
  { number }: ReleaseRecord,
  { before, back, version }: Pick<Way, 'before' | 'back' | 'version'>,
): PlanStep[] {
  const { description, proof } = before
  const { label } = version
  const reason = `as in release ${number}`
  const register: PlanStep = {
    ...{ name: `register version ${label} again`, effect: 'none' },
    reason: 'it was removed, and its bundle is still there',
  }
  const again: PlanStep = { name: `deploy ${label} again`, effect: 'restart', reason: proof.missing }
  const other: PlanStep = { name: `deploy version ${label}`, effect: 'restart', reason }
  const deploys = description.versionLabel !== label ? [other] : proof.proven ? [] : [again]
  const options = [
    ...back.settings.map(({ namespace, name, value }) => ({
      name: namespace === PROPERTIES ? `set property ${name}` : `set ${name} to ${value}`,
      effect: effectOf({ namespace, name }),
      reason,
    })),
    ...back.remove.map((option) => ({ name: `unset ${option.name}`, effect: effectOf(option), reason })),
  ]
  return [...(version.bundle && deploys.length > 0 ? [register] : []), ...deploys, ...options]
}

function makingOf(
  { target, wait, remedies }: RollbackRequest,
  { before, back, told, release, version, deploys }: Way,
  tools: Tools,
): Making {
  const { application, environment } = target
  const { settings, remove } = back
  const restarts = deploys || [...settings, ...remove].some(({ namespace }) => namespace === PROPERTIES)
  const update = {
    ...{ application, environment, settings, remove },
    ...(deploys ? { versionLabel: version.label } : {}),
  }
  return {
    ...{ target, wait, remedies, before, told, sent: settings, removed: remove },
    request: () =>
      stage(
        tools,
        `Go back to release ${release.number}`,
        () => updateEnvironment(tools.cloud.beanstalk, update, waiting(tools)),
        () => `${environment}: accepted`,
      ),
    afterDeployment: restarts ? lastDeployment(before.proof.instances) : undefined,
    port: undefined,
    claim: `was not brought back to release ${release.number}`,
    again: { command: `lucree rollback ${release.number}`, does: 'waits for it and carries on' },
  }
}
