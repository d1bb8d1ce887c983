import type { Lease } from '../beanstalk/lock/lease.ts'
import { updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment, urlOf } from '../beanstalk/health.ts'
import { PROPERTIES } from '../beanstalk/options.ts'
import { type Restoration, restoration } from '../beanstalk/releases/release-options.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import type { DeployTarget } from '../config/target.ts'
import { UsageError } from '../errors.ts'
import { observeEnvironment } from './change-properties.ts'
import { effectOf } from './effects.ts'
import { makeChange, type Making, type Remedies, settingsAfter } from './make-change.ts'
import type { ObservedEnvironment } from './observe.ts'
import type { PlanStep } from './plan.ts'
import { chooseRelease } from './releases.ts'
import type { DeployOutcome, DeployResult, Told } from './result.ts'
import { settleRelease } from './settle-release.ts'
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
  wait: boolean
  remedies: Remedies
  actor: Actor
}

/** Brings the environment back to the version and the options of an earlier release, as a release of its own. Secrets stay at their newest. */
export async function rollback(request: RollbackRequest, tools: Tools): Promise<DeployResult> {
  const began = tools.clock.now()
  const { target, actor } = request
  // Before the lock, which would make the bucket for an environment that isn't there.
  await observeEnvironment(target, tools)
  const outcome = await withLock(tools, { target, ...actor }, (lease, held) => goBack(request, lease, held))
  return { ...outcome, durationMs: tools.clock.now() - began }
}

async function goBack(request: RollbackRequest, lease: Lease, tools: Tools): Promise<DeployOutcome> {
  const { target, actor } = request
  const holding: Holding = { target, lease, fingerprintKey: actor.fingerprintKey }
  const before = await stage(
    tools,
    'Observe',
    () => observeEnvironment(target, tools),
    ({ description }) => `${description.name} has ${description.versionLabel ?? 'no version'}`,
  )
  await settleRelease(holding, before, tools)
  const { history } = releasingOf(holding, tools)
  const release = await chooseRelease(history, { number: request.release, now: before }, tools.signal)
  const version = await versionOf(release, tools)
  const back = await optionsOf(release, { before, request }, tools)
  const told = tell(release, { before, back, version })
  for (const { name, reason } of told.steps)
    tools.progress.emit({ kind: 'note', message: `${name}: ${reason}` })
  if (back.staying.length > 0) {
    const message = `${back.staying.join(', ')}: not as in release ${release.number}, and left as it is now`
    tools.progress.emit({ kind: 'warning', message })
  }
  if (told.steps.length === 0) return { ...told, release: release.number, outcome: 'unchanged' }
  const making = makingOf(request, { before, back, told, release, version }, tools)
  const draft = {
    command: actor.command,
    message: request.message ?? `Back to release ${release.number}`,
    revision: release.revision ?? undefined,
    bundle: release.bundle ?? undefined,
    changed: [],
    undo: ({ rollback: back }: WayBack) => back ?? redeployed(before, version),
    version,
    settings: settingsAfter(before.settings, back.settings, back.remove),
  }
  return withRelease(holding, draft, tools, (previous) => makeChange(making, previous, tools))
}

/** The release's version, if it is still there. */
async function versionOf(
  { version, number, application }: ReleaseRecord,
  { cloud, signal }: Tools,
): Promise<string> {
  const [found] =
    version === null ? [] : await cloud.beanstalk.describeVersions(application, [version], signal)
  if (found) return found.label
  throw new UsageError(`Release ${number} can't be gone back to`, {
    code: 'LUC-RELEASE-VERSION-GONE',
    why: `its version ${version ?? ''} was removed`,
    hints: ['lucree releases   # the others'],
  })
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

interface Way {
  before: ObservedEnvironment
  back: Restoration
  version: string
}

function tell({ number }: ReleaseRecord, { before, back, version }: Way): Told {
  const { description, proof } = before
  const reason = `as in release ${number}`
  const again = { name: `deploy ${version} again`, effect: 'restart' as const, reason: proof.missing }
  const other = { name: `deploy version ${version}`, effect: 'restart' as const, reason }
  const deploys: PlanStep[] = description.versionLabel !== version ? [other] : proof.proven ? [] : [again]
  return {
    application: description.application,
    environment: description.name,
    steps: [
      ...deploys,
      ...back.settings.map(({ namespace, name, value }) => ({
        name: namespace === PROPERTIES ? `set property ${name}` : `set ${name} to ${value}`,
        effect: effectOf({ namespace, name }),
        reason,
      })),
      ...back.remove.map((option) => ({ name: `unset ${option.name}`, effect: effectOf(option), reason })),
    ],
    version,
    url: description.cname && urlOf(description.cname),
  }
}

function makingOf(
  { target, wait, remedies }: RollbackRequest,
  { before, back, told, release, version }: Way & { told: Told; release: ReleaseRecord },
  tools: Tools,
): Making {
  const { application, environment } = target
  const { settings, remove } = back
  const deploys = before.description.versionLabel !== version || !before.proof.proven
  const restarts = deploys || [...settings, ...remove].some(({ namespace }) => namespace === PROPERTIES)
  const update = {
    ...{ application, environment, settings, remove },
    ...(deploys ? { versionLabel: version } : {}),
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
