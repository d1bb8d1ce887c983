import type { EnvironmentChange } from '../beanstalk/events.ts'
import { isGood, type Proof, urlOf } from '../beanstalk/health.ts'
import type { InstanceDescription } from '../beanstalk/ports.ts'
import {
  changedSettings,
  optionId,
  type OptionKey,
  type OptionSetting,
} from '../beanstalk/option-settings.ts'
import { lookUntil } from '../beanstalk/poll.ts'
import { type Patience, prove } from '../beanstalk/prove.ts'
import type { DeployTarget } from '../config/target.ts'
import { diagnose } from '../diagnose/diagnose.ts'
import type { Diagnosis } from '../diagnose/evidence.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import { abandon } from './abandon.ts'
import { gatherEvidence } from './evidence.ts'
import { type Change, follow } from './follow.ts'
import type { Again, DeployOutcome, Told } from './result.ts'
import { stage, type Tools, waiting } from './tools.ts'

/** All that the end of a change is judged by. */
export interface Concluding {
  target: DeployTarget
  change: EnvironmentChange
  /** Options that the change sets and removes, as far as the environment must show them afterwards. */
  sent: OptionSetting[]
  removed: OptionKey[]
  /** The newest deployment before a change that instances have to carry out. */
  afterDeployment: number | undefined
  /** What can't be claimed when it fails: `was not brought to v2`. */
  claim: string
  /** Commands that lead back to what was before, when it failed and nothing is done about it. */
  recovery: string[]
  /** Commands that stop it and lead back, when it doesn't end. */
  wayOut: string[]
  /** The command that carries on where this one ends. */
  again: Again
  /** `told.version` is the one that must run. */
  told: Told
  port: number | undefined
  /** The one image that the bundle is built from, when there is only one. */
  image?: string | undefined
}

/** Follows the change, proves it, and says how it ended. State is the judge; events and logs only explain. */
export async function conclude(of: Concluding, tools: Tools): Promise<DeployOutcome> {
  const accepted = tools.clock.now()
  try {
    const followed = await stage(tools, 'Follow', () => follow(of.change, tools), describeFollowed)
    if (!followed.settled) return await timedOut(of, followed, tools)
    const proof = await stage(tools, 'Prove', () => proveChange(of, accepted, tools), describeProof)
    const told = { ...of.told, url: proof.environment?.cname && urlOf(proof.environment.cname) }
    if (proof.proven) return { ...told, outcome: 'deployed' }
    const evidence = await gatherEvidence({ ...of, ...proof, events: followed.events }, tools)
    return {
      ...told,
      outcome: 'failed',
      claim: of.claim,
      recovery: of.recovery,
      diagnosis: unsteady(proof, diagnose(evidence)),
      serving: servingNow(proof, of.target),
    }
  } catch (error) {
    if (error instanceof Interrupted) throw await abandon(error, of, tools)
    if (error instanceof LucreeError) Object.assign(error.document, of.told)
    throw error
  }
}

/** Causes that are read out of an answer alone, as if there had never been a good one. */
const BY_ANSWER = ['LUC-DEPLOY-PORT', 'LUC-DEPLOY-UNKNOWN']

/** What answered well at first listens on the right port: unless more is known, that it stopped is the cause. */
function unsteady({ stopped, missing }: Proof, diagnosis: Diagnosis): Diagnosis {
  if (!stopped || !BY_ANSWER.includes(diagnosis.code)) return diagnosis
  return {
    ...diagnosis,
    code: 'LUC-DEPLOY-UNSTEADY',
    rule: 'it stopped answering',
    cause: `The application works only for a moment: ${missing}`,
    confidence: 'certain',
    next: ['lucree logs', 'lucree deploy   # once the application goes on running'],
    more: { ...diagnosis.more, doc: 'docs/errors.md#luc-deploy-unsteady' },
  }
}

async function proveChange(of: Concluding, accepted: number, tools: Tools): Promise<Proof> {
  const { target, told, afterDeployment } = of
  const { beanstalk } = tools.cloud
  const expected = { ...target, versionLabel: told.version ?? '', afterDeployment }
  const unmet = await unmetSetting(of, tools)
  // What is already known not to come isn't waited for.
  const patience = unmet ? { graceMs: 0, steadyMs: 0 } : patienceOf(tools, accepted)
  const proof = await prove(beanstalk, expected, waiting(tools), patience)
  return unmet && (proof.proven || !proof.final)
    ? { ...proof, proven: false, final: true, missing: unmet }
    : proof
}

/** How long the end of a change that was accepted at a moment is proven; what it waits for is told. */
export function patienceOf({ graceMs, steadyMs, progress }: Tools, accepted: number): Patience {
  const onHold = (leftMs: number) =>
    progress.emit({
      kind: 'waiting',
      reason: `it answers; whether it goes on is looked at for ${steadyMs / 1000} s`,
      sinceMs: steadyMs - leftMs,
      deadlineMs: steadyMs,
    })
  return { graceMs, steadyMs, notBefore: accepted, onHold }
}

/** A configuration that failed to deploy is reverted by Beanstalk, and the environment is Ready all the same (facts sheet §4.1). */
async function unmetSetting(of: Concluding, tools: Tools): Promise<string | undefined> {
  const { application, environment } = of.target
  if (of.sent.length + of.removed.length === 0) return undefined
  const settings = await lookUntil(waiting(tools), () =>
    tools.cloud.beanstalk.describeSettings(application, environment, tools.signal),
  )
  const reverted = settings && revertedOption(settings, of)
  if (settings && !reverted) return undefined
  return reverted ? `the change of ${reverted} was reverted` : 'its settings could not be read'
}

/** The first option that isn't as the change wanted it. */
function revertedOption(settings: OptionSetting[], { sent, removed }: Concluding): string | undefined {
  const present = new Set(settings.map(optionId))
  return (changedSettings(settings, sent)[0] ?? removed.find((key) => present.has(optionId(key))))?.name
}

/** What it waits for may be known: an instance that never comes shows in the scaling activities long before Beanstalk gives up. */
async function timedOut(
  of: Concluding,
  { environment, events }: Change,
  tools: Tools,
): Promise<DeployOutcome> {
  const { told, target } = of
  const url = environment?.cname && urlOf(environment.cname)
  const seen = { ...of, environment, events, instances: undefined, answer: undefined }
  return {
    ...told,
    url,
    outcome: 'timed-out',
    recovery: of.wayOut,
    again: of.again,
    diagnosis: diagnose(await gatherEvidence(seen, tools)),
    waitedFor:
      environment?.status === 'Ready'
        ? `${target.environment} is Ready, and none of its instances tells which version it runs`
        : `${target.environment} is still ${environment?.status ?? 'unknown'}`,
    serving: url
      ? `${url} is the environment's address; nothing is known of the new version yet`
      : 'nothing yet',
  }
}

/** What answers requests after a failure, as it was seen. */
export function servingNow({ answer, instances, environment }: Proof, { healthCheck }: DeployTarget): string {
  const url = environment?.cname && urlOf(environment.cname)
  if (!url || !answer) return 'nothing'
  if (answer.status === undefined) return `nothing: ${url} does not answer`
  if (!isGood(answer, healthCheck)) return `${url} answers ${answer.status}`
  // An instance names the version of its last deployment, failed or not; what a failed one left alone is the environment's.
  const versionOn = ({ version, deploymentStatus }: InstanceDescription) =>
    deploymentStatus === 'deployed' ? version : environment.versionLabel
  const versions = [...new Set(instances.map((instance) => versionOn(instance) ?? 'an unknown version'))]
  return `${url} answers ${answer.status} from ${versions.join(' and ') || 'an unknown version'}`
}

function describeFollowed({ settled, environment }: Change): string {
  return settled ? `environment is ${environment?.status ?? 'gone'}` : 'still under way at the time limit'
}

/** A proof in a few words. */
export function describeProof({ proven, missing, instances, answer }: Proof): string {
  if (!proven) return missing
  const fleet = instances.length === 1 ? '1 instance runs' : `${instances.length} instances run`
  return `${fleet} this version, ${answer?.url} answers ${answer?.status}`
}
