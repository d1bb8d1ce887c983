import type { Lease } from '../beanstalk/lock/lease.ts'
import { updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment } from '../beanstalk/health.ts'
import { propertiesOf, propertyKey, propertySetting } from '../beanstalk/option-settings.ts'
import { prove } from '../beanstalk/prove.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { checkTotalSize } from '../config/variables.ts'
import { LucreeError } from '../errors.ts'
import { describeProof, servingNow } from './conclude.ts'
import { makeChange, type Making, type Remedies, settingsAfter } from './make-change.ts'
import { findDrift } from './drift.ts'
import { effectOf } from './effects.ts'
import { observeEnvironment } from './observe-environment.ts'
import type { ObservedEnvironment } from './observe.ts'
import { planChange, type PlanStep } from './plan.ts'
import { type Again, type DeployOutcome, type DeployResult, tellPlan, type Told } from './result.ts'
import { currentRelease, settleRelease } from './settle-release.ts'
import { stage, type Tools, waiting } from './tools.ts'
import { undoOfProperties } from './undo.ts'
import { type Actor, withLock } from './with-lock.ts'
import { type Draft, withRelease } from './with-release.ts'

export interface PropertyChange {
  target: DeployTarget
  set: Map<string, Sensitive>
  unset: string[]
  /** Ends after the plan and changes nothing. */
  dryRun: boolean
  /** Hears what is about to be done, before anything is changed. */
  onPlan(told: Told): void
  /** Follows the change to its end and proves it. */
  wait: boolean
  /** What is done when it fails. */
  remedies: Remedies
  actor: Actor
}

type Difference = Pick<PropertyChange, 'set' | 'unset'>

/**
 * Sets and removes properties in one update, so in one restart; names that are already so are left alone. What was observed before the lock is
 * observed again behind it; where something was under way, it is observed behind the lock only.
 */
export async function changeProperties(
  asked: PropertyChange,
  observed: ObservedEnvironment | undefined,
  tools: Tools,
): Promise<DeployResult> {
  const began = tools.clock.now()
  const { target, actor, dryRun } = asked
  const done = (outcome: DeployOutcome) => ({ ...outcome, durationMs: tools.clock.now() - began })
  const ahead = dryRun ? (observed ?? (await observeEnvironment(target, tools))) : observed
  const seen = ahead && (await survey(asked, ahead, tools))
  if (seen && dryRun) return done({ ...seen.told, outcome: 'planned' })
  if (seen?.told.steps.length === 0) {
    const { number, open } = await currentRelease(target, seen.told.version, tools)
    if (!open) return done(await unchanged(asked, { ...seen, number }, tools))
  }
  if (seen) asked.onPlan(seen.told)
  const change = async (lease: Lease, held: Tools): Promise<DeployOutcome> => {
    const before = await observeEnvironment(target, held)
    const holding = { target, lease, fingerprintKey: actor.fingerprintKey }
    await settleRelease(holding, before, held)
    const now = await survey(asked, before, held)
    if (now.told.steps.length === 0) {
      const { number } = await currentRelease(target, before.description.versionLabel, held)
      return unchanged(asked, { ...now, number }, held)
    }
    if (!isSamePlan(seen?.told, now.told)) asked.onPlan(now.told)
    const change = { ...asked, ...now.difference }
    const making = makingOf(change, now, held)
    return withRelease(holding, draftOf(making, before, change), held, (previous) =>
      makeChange(making, previous, held),
    )
  }
  return done(await withLock(tools, { target, ...actor }, change))
}

/** What is, and what the change comes to. */
interface Survey {
  observed: ObservedEnvironment
  difference: Difference
  told: Told
}

async function survey(asked: PropertyChange, observed: ObservedEnvironment, tools: Tools): Promise<Survey> {
  const { target, actor } = asked
  const now = difference(asked, observed)
  checkTotalSize(afterwards(now, observed))
  const had = propertiesOf(observed.settings)
  const step = (name: string, option: string, reason: string): PlanStep => {
    return { name, effect: effectOf(propertyKey(option)), reason }
  }
  const plan = planChange({
    ...{ target, environment: observed, version: observed.description.versionLabel, deploysVersion: false },
    steps: [
      ...[...now.set.keys()].map((name) =>
        step(`set ${name}`, name, had.has(name) ? 'its value differs' : 'it is not set'),
      ),
      ...now.unset.map((name) => step(`unset ${name}`, name, 'it is set')),
    ],
    settings: [...now.set].map(([name, value]) => propertySetting(name, value)),
    remove: now.unset.map(propertyKey),
    drift: await findDrift(target, observed, actor.fingerprintKey, tools),
  })
  return { observed, difference: now, told: tellPlan(plan, {}, { environment: observed }) }
}

function isSamePlan(seen: Told | undefined, now: Told): boolean {
  return JSON.stringify(seen) === JSON.stringify(now)
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
    () => prove(tools.cloud.beanstalk, expected, waiting(tools), tools),
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
  { observed: before, told }: Survey,
  tools: Tools,
): Making {
  const sent = [...set].map(([name, value]) => propertySetting(name, value))
  const removed = unset.map(propertyKey)
  const { application, environment } = target
  const update = { application, environment, settings: sent, remove: removed }
  return {
    ...{ target, sent, removed, wait, remedies, before, told },
    request: () =>
      stage(
        tools,
        'Update environment',
        () => updateEnvironment(tools.cloud.beanstalk, update, waiting(tools)),
        (accepted) => `${accepted.environment}: accepted`,
      ),
    afterDeployment: lastDeployment(before.proof.instances),
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
