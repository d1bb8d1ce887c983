import type { Lease } from '../beanstalk/lock/lease.ts'
import { updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment, prove, urlOf } from '../beanstalk/health.ts'
import { propertiesOf, propertyKey, propertySetting } from '../beanstalk/options.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { checkTotalSize } from '../config/variables.ts'
import { LucreeError, PlatformError } from '../errors.ts'
import { describeProof, servingNow } from './conclude.ts'
import { makeChange, type Making, type Remedies, settingsAfter } from './make-change.ts'
import { observe, type ObservedEnvironment } from './observe.ts'
import type { PlanStep } from './plan.ts'
import type { Again, DeployOutcome, DeployResult, Told } from './result.ts'
import { currentRelease, settleRelease } from './settle-release.ts'
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
  if (told.steps.length === 0) {
    const { number, open } = await currentRelease(target, told.version, tools)
    if (!open) return done(await unchanged(asked, { told, observed, number }, tools))
  }
  const change = async (lease: Lease, held: Tools): Promise<DeployOutcome> => {
    const before = await observeEnvironment(target, held)
    const holding = { target, lease, fingerprintKey: actor.fingerprintKey }
    await settleRelease(holding, before, held)
    const now = { ...asked, ...difference(asked, before) }
    checkTotalSize(afterwards(now, before))
    if (now.set.size + now.unset.length === 0) {
      const { number } = await currentRelease(target, before.description.versionLabel, held)
      return unchanged(asked, { told: tell(now, before), observed: before, number }, held)
    }
    const making = makingOf(now, before, held)
    return withRelease(holding, draftOf(making, before, now), held, (previous) =>
      makeChange(making, previous, held),
    )
  }
  return done(await withLock(tools, { target, ...actor }, change))
}

/** What is so already is only said of an environment that works: a change before may have ended without anybody to look at it. */
async function unchanged(
  { target, wait }: PropertyChange,
  { told, observed, number }: { told: Told; observed: ObservedEnvironment; number: number | undefined },
  tools: Tools,
): Promise<DeployOutcome> {
  const release = number === undefined ? {} : { release: number }
  const outcome = { ...told, ...release, outcome: 'unchanged' } as const
  if (!wait || observed.proof.proven) return outcome
  const expected = { ...target, versionLabel: observed.description.versionLabel ?? '' }
  const proof = await stage(
    tools,
    'Prove',
    () => prove(tools.cloud.beanstalk, expected, waiting(tools), tools.graceMs),
    describeProof,
  )
  if (proof.proven) return outcome
  throw new LucreeError(`${target.environment} has this already, and does not work`, {
    code: 'LUC-ENVIRONMENT-UNWELL',
    exitCode: 7,
    why: proof.missing,
    serving: servingNow(proof, target),
    hints: [
      'lucree logs',
      'lucree health',
      ...(number === undefined ? [] : [`lucree rollback ${number}   # back to the last release that worked`]),
    ],
    document: { ...told, ...release },
  })
}

/** The same command again, without values: what was accepted is set by then, so it only waits and proves. */
function againOf({ target, set, unset }: Difference & Pick<PropertyChange, 'target'>): Again {
  if (set.size > 0) {
    const values = set.size === 1 ? 'the same value' : 'the same values'
    const command = `lucree env set ${[...set.keys()].join(' ')}`
    return { command, does: `with ${values}: waits for it and proves it` }
  }
  const yes = unset.some((name) => target.variables[name]?.required) ? ' --yes' : ''
  return { command: `lucree env unset ${unset.join(' ')}${yes}`, does: 'waits for it and proves it' }
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
    again: againOf({ target, set, unset }),
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
