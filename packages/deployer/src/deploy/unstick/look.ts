import { groupsOf, revokeCommand } from '../../account/inventory/security-groups.ts'
import { EnvironmentStatus } from '../../beanstalk/environment-status.ts'
import { isGood, look, type Proof } from '../../beanstalk/health.ts'
import type { OptionSetting } from '../../beanstalk/option-settings.ts'
import { prove } from '../../beanstalk/prove.ts'
import type { BeanstalkEvent, EnvironmentDescription } from '../../beanstalk/ports.ts'
import type { DeployTarget } from '../../config/target.ts'
import { LucreeError } from '../../errors.ts'
import { patienceOf } from '../conclude.ts'
import { type Tools, waiting } from '../tools.ts'
import { brokenStack, explain } from './explain.ts'
import { findLastGood, type LastGood } from './last-good.ts'
import type { SeenCause, Sight, StepName } from './sight.ts'

/** What a look at an environment gives: what the plan decides by, and what its steps work on. */
export interface Seen {
  sight: Sight
  environment: EnvironmentDescription | undefined
  /** Of one that isn't going or gone. */
  proof: Proof | undefined
  settings: OptionSetting[]
  lastGood: LastGood | undefined
}

export interface Looking {
  target: DeployTarget
  /** Silence after which an operation counts as stuck, ms; undefined: what Beanstalk itself gives a command. */
  stalledAfterMs: number | undefined
  /** The user's fingerprint key. */
  key: string
  tried: StepName[]
  /** Why the launch could not succeed, as an earlier look found: once it is terminated nothing tells any more. */
  launchCause: SeenCause | undefined
}

/** Terminated environments can be revived for 42 days (facts sheet §3.2). */
const REVIVABLE_MS = 42 * 24 * 60 * 60 * 1_000
/** Beanstalk gives a command its `Timeout`, 600 seconds by default, and 240 more (facts sheet §3.4, I). */
const COMMAND_SECONDS = 600
const FURTHER_SECONDS = 240
/** The newest events: more than any operation has. */
const EVENTS = 200

/** One look. Changes nothing; asks the instances for their logs when something has to be explained. */
export async function lookAtStuck(looking: Looking, tools: Tools): Promise<Seen> {
  const { target, tried, launchCause } = looking
  const { beanstalk, identity } = tools.cloud
  const { signal } = tools
  const environment = await findOrRemember(target, tools)
  if (!environment) return nothing(looking)
  const status = EnvironmentStatus.of(environment)
  const [caller, events, settings, lastGood, heldBy] = await Promise.all([
    identity.describeCaller(signal),
    status.isGone ? [] : newestEvents(environment, tools),
    status.isGone ? [] : beanstalk.describeSettings(target.application, target.environment, signal),
    findLastGood(target, tools),
    rulesOfOthers(environment, tools),
  ])
  const now = caller.at?.getTime() ?? tools.clock.now()
  const proof = status.isGoing ? undefined : await proofOf(environment, target, tools)
  const changedAt = environment.updatedAt?.getTime() ?? now
  const heardAt = Math.max(changedAt, events.at(-1)?.at.getTime() ?? 0)
  const quietMs = Math.max(0, now - heardAt)
  const stalledAfterMs = looking.stalledAfterMs ?? commandMs(settings)
  const differing = lastGood && !status.isGone ? await lastGood.differing(settings, looking.key, signal) : []
  const isWell = proof?.proven && environment.health !== 'Red'
  const explains = !isWell && (status.isReady || quietMs >= stalledAfterMs)
  const broken = status.isReady ? brokenStack(events) : undefined
  const cause =
    !broken && !status.isGone && explains
      ? await explain({ target, environment, events, proof }, tools)
      : (broken ?? launchCause)
  const instances = proof?.instances ?? []
  return {
    ...{ environment, proof, settings, lastGood },
    sight: {
      environment: environment.name,
      status: environment.status,
      health: environment.health,
      version: environment.versionLabel,
      abortable: environment.abortable,
      works: proof?.proven ?? false,
      missing: proof?.missing ?? '',
      answers: isGood(proof?.answer, target.healthCheck),
      instances: instances.length,
      versions: [...new Set(instances.flatMap(({ version }) => version ?? []))],
      sinceMs: Math.max(0, now - changedAt),
      ...{ quietMs, stalledAfterMs, cause, heldBy, tried },
      lastGood: lastGood && { number: lastGood.number, version: lastGood.version, differing },
    },
  }
}

/** The environment that is there, else the one of this name that was terminated last and isn't forgotten. */
export async function findOrRemember(
  { application, environment }: DeployTarget,
  { cloud, clock, signal }: Tools,
): Promise<EnvironmentDescription | undefined> {
  const [found] = await cloud.beanstalk.describeEnvironments({ application, environment }, signal)
  if (found) return found
  const past = await cloud.beanstalk.describeRegion(new Date(clock.now() - REVIVABLE_MS), signal)
  return past
    .filter((one) => one.application === application && one.name === environment)
    .sort((one, other) => (other.updatedAt?.getTime() ?? 0) - (one.updatedAt?.getTime() ?? 0))[0]
}

/** Of this environment and no earlier one of its name, oldest first. */
async function newestEvents(
  { application, name, createdAt }: EnvironmentDescription,
  { cloud, signal }: Tools,
): Promise<BeanstalkEvent[]> {
  const since = createdAt ? { since: createdAt } : {}
  return cloud.beanstalk.describeEvents({ application, environment: name, max: EVENTS, ...since }, signal)
}

export function expectedOf({ versionLabel }: EnvironmentDescription, target: DeployTarget) {
  return { ...target, versionLabel: versionLabel ?? '' }
}

/** Who asks for this has met something: what looks well has to stay so, as what ends and is started again looks well now and then. */
async function proofOf(
  environment: EnvironmentDescription,
  target: DeployTarget,
  tools: Tools,
): Promise<Proof> {
  const { cloud, clock, signal, steadyMs } = tools
  const expected = expectedOf(environment, target)
  const seen = await look(cloud.beanstalk, expected, clock, signal)
  if (!seen.proven || steadyMs === 0) return seen
  const patience = { ...patienceOf(tools, clock.now()), graceMs: 0 }
  return prove(cloud.beanstalk, expected, waiting(tools), patience)
}

/** How long Beanstalk itself waits for a command of an instance, ms. */
function commandMs(settings: OptionSetting[]): number {
  const timeout = settings.find(
    ({ namespace, name }) => namespace === 'aws:elasticbeanstalk:command' && name === 'Timeout',
  )
  return 1_000 * (Number(timeout?.value ?? COMMAND_SECONDS) + FURTHER_SECONDS)
}

/** What keeps AWS from deleting the environment's security groups; nothing where that can't be looked at. */
async function rulesOfOthers(environment: EnvironmentDescription, tools: Tools): Promise<Sight['heldBy']> {
  if (!/^(Terminating|Ready)$/.test(environment.status)) return []
  try {
    return (await groupsOf(tools, environment)).flatMap((group) =>
      group.referencedBy.map(({ id }) => ({
        ...{ group: group.name, holder: id },
        command: revokeCommand(id, group.name),
      })),
    )
  } catch (error) {
    if (error instanceof LucreeError && !tools.signal.aborted) return []
    throw error
  }
}

function nothing({ target, tried, stalledAfterMs = 0 }: Looking): Seen {
  return {
    ...{ environment: undefined, proof: undefined, settings: [], lastGood: undefined },
    sight: {
      ...{ environment: target.environment, status: 'none', health: 'Grey', version: undefined },
      ...{ abortable: false, works: false, missing: 'there is none', answers: false },
      ...{ instances: 0, versions: [], sinceMs: 0, quietMs: 0, stalledAfterMs, tried },
      ...{ lastGood: undefined, cause: undefined, heldBy: [] },
    },
  }
}
