import type { Lease } from '../beanstalk/lock/lease.ts'
import { updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment, urlOf } from '../beanstalk/health.ts'
import { propertiesOf, propertyKey, propertySetting } from '../beanstalk/options.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { checkTotalSize } from '../config/variables.ts'
import { PlatformError } from '../errors.ts'
import { makeChange, type Making, type Remedies, settingsAfter } from './make-change.ts'
import { observe, type ObservedEnvironment } from './observe.ts'
import type { PlanStep } from './plan.ts'
import type { DeployOutcome, DeployResult, Told } from './result.ts'
import { settleRelease } from './settle-release.ts'
import { findEnvironment } from './status.ts'
import { stage, type Tools, waiting } from './tools.ts'
import { undoOfProperties } from './undo.ts'
import { type Actor, withLock } from './with-lock.ts'
import { type Draft, withRelease } from './with-release.ts'

export interface PropertyChange {
  target: DeployTarget
  set: Map<string, Sensitive>
  unset: string[]
  /** Follows the change to its end and proves it. */
  wait: boolean
  /** What is done when it fails. */
  remedies: Remedies
  actor: Actor
}

type Difference = Pick<PropertyChange, 'set' | 'unset'>

/** The environment with its settings, once nothing is under way in it. Throws a UsageError when there is none. */
export async function observeEnvironment(target: DeployTarget, tools: Tools): Promise<ObservedEnvironment> {
  await findEnvironment(target, tools)
  const { environment } = await observe(target, tools)
  if (environment) return environment
  throw new PlatformError(`${target.environment} went away`, {
    code: 'LUC-ENVIRONMENT-GONE',
    why: 'it was terminated meanwhile',
    hints: ['lucree deploy'],
  })
}

/**
 * Sets and removes properties in one update, so in one restart; names that are already so are left alone. What was observed before the lock is
 * observed again behind it.
 */
export async function changeProperties(
  asked: PropertyChange,
  observed: ObservedEnvironment,
  tools: Tools,
): Promise<DeployResult> {
  const began = tools.clock.now()
  const { target, actor } = asked
  const done = (outcome: DeployOutcome) => ({ ...outcome, durationMs: tools.clock.now() - began })
  const seen = { ...asked, ...difference(asked, observed) }
  checkTotalSize(afterwards(seen, observed))
  const told = tell(seen, observed)
  if (told.steps.length === 0) return done({ ...told, outcome: 'unchanged' })
  const change = async (lease: Lease, held: Tools): Promise<DeployOutcome> => {
    const before = await observeEnvironment(target, held)
    const holding = { target, lease, fingerprintKey: actor.fingerprintKey }
    await settleRelease(holding, before, held)
    const now = { ...asked, ...difference(asked, before) }
    checkTotalSize(afterwards(now, before))
    if (now.set.size + now.unset.length === 0) return { ...tell(now, before), outcome: 'unchanged' }
    const making = makingOf(now, before, held)
    return withRelease(holding, draftOf(making, before, now), held, (previous) =>
      makeChange(making, previous, held),
    )
  }
  return done(await withLock(tools, { target, ...actor }, change))
}

function makingOf(
  { target, set, unset, wait, remedies }: PropertyChange,
  before: ObservedEnvironment,
  tools: Tools,
): Making & { before: ObservedEnvironment } {
  const sent = [...set].map(([name, value]) => propertySetting(name, value))
  const removed = unset.map(propertyKey)
  const { application, environment } = target
  const update = { application, environment, settings: sent, remove: removed }
  return {
    ...{ target, sent, removed, wait, remedies, before },
    request: () =>
      stage(
        tools,
        'Update environment',
        () => updateEnvironment(tools.cloud.beanstalk, update, waiting(tools)),
        (accepted) => `${accepted.environment}: accepted`,
      ),
    afterDeployment: lastDeployment(before.proof.instances),
    told: tell({ target, set, unset }, before),
    port: undefined,
    claim: `does not work with the change of ${[...set.keys(), ...unset].join(' and ')}`,
    again: 'lucree env list',
  }
}

function draftOf(
  { sent, removed }: Making,
  { settings, description }: ObservedEnvironment,
  { target, actor, set, unset }: PropertyChange,
): Draft {
  const changed = [...set.keys(), ...unset]
  return {
    command: actor.command,
    ...{ message: undefined, revision: undefined, bundle: undefined, changed },
    undo: (back) => undoOfProperties(back, { changed, before: settings, variables: target.variables }),
    version: description.versionLabel ?? '',
    settings: settingsAfter(settings, sent, removed),
  }
}

/** All properties that the environment will have. */
function afterwards(
  { set, unset }: Difference,
  { settings }: ObservedEnvironment,
): Record<string, Sensitive> {
  const all = new Map([...propertiesOf(settings), ...set])
  for (const name of unset) all.delete(name)
  return Object.fromEntries(all)
}

function difference({ set, unset }: Difference, { settings }: ObservedEnvironment): Difference {
  const now = propertiesOf(settings)
  return {
    set: new Map([...set].filter(([name, value]) => !now.get(name)?.equals(value))),
    unset: unset.filter((name) => now.has(name)),
  }
}

function tell(
  { target, set, unset }: Difference & Pick<PropertyChange, 'target'>,
  { description }: ObservedEnvironment,
): Told {
  const step = (name: string, reason: string): PlanStep => ({ name, effect: 'restart', reason })
  return {
    application: target.application,
    environment: target.environment,
    steps: [
      ...[...set.keys()].map((name) => step(`set ${name}`, 'its value differs')),
      ...unset.map((name) => step(`unset ${name}`, 'it is set')),
    ],
    version: description.versionLabel,
    url: description.cname && urlOf(description.cname),
  }
}
