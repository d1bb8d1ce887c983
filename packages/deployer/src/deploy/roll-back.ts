import { type EnvironmentUpdate, updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment, look, type Proof, urlOf } from '../beanstalk/health.ts'
import {
  changedSettings,
  type OptionKey,
  optionId,
  type OptionSetting,
} from '../beanstalk/option-settings.ts'
import { lookUntil } from '../beanstalk/poll.ts'
import { prove } from '../beanstalk/prove.ts'
import type { DeployTarget } from '../config/target.ts'
import { Interrupted, LucreeError, PlatformError } from '../errors.ts'
import { describeProof, patienceOf, servingNow } from './conclude.ts'
import { follow } from './follow.ts'
import type { ObservedEnvironment } from './observe.ts'
import type { DeployOutcome, Restored } from './result.ts'
import { stage, type Tools, waiting } from './tools.ts'

type Failed = Extract<DeployOutcome, { outcome: 'failed' }>

/** A deployment may take its timeout of ten minutes and four more (facts sheet §3.4, I): a rollback has this long even when the deploy's time is over, ms. */
const PATIENCE_MS = 15 * 60_000

/** What failed, and what was before it. */
export interface Undoing {
  target: DeployTarget
  /** Options that the failed change set and removed. */
  sent: OptionSetting[]
  removed: OptionKey[]
  /** The environment before the change, when it worked. */
  before: ObservedEnvironment
  restored: Restored
}

/** Whether Beanstalk was asked to bring back what was before; `perhaps` while the answer isn't there. */
interface Asking {
  asked: 'no' | 'perhaps' | 'yes'
}

/**
 * Brings back the version and the options that worked before a change that failed, follows and proves them. No policy of Beanstalk's does all of
 * that: all-at-once and rolling leave a mixed fleet (facts sheet §0, 7), others keep the options. What can't be brought back is told as a failure.
 */
export async function rollBack(failed: Failed, of: Undoing, tools: Tools): Promise<DeployOutcome> {
  const { recovery: _recovery, ...failure } = failed
  const state: Asking = { asked: 'no' }
  const patient = { ...tools, deadline: Math.max(tools.deadline, tools.clock.now() + PATIENCE_MS) }
  try {
    const proof = await bringBack(of, state, patient)
    const serving = servingNow(proof, of.target)
    const by = of.restored.release === null ? '' : ` (release ${of.restored.release})`
    if (proof.proven) {
      return { ...failure, outcome: 'rolled-back', serving: `${serving}${by}`, restored: of.restored }
    }
    return notBroughtBack({ ...failed, serving }, proof.missing)
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    if (error instanceof Interrupted) throw leftUnderWay(error, { failed, of, ...state })
    if (error.exitCode === 9) throw error
    const why = error.why ? `${error.message}: ${error.why}` : error.message
    return notBroughtBack({ ...failed, serving: await servingAfter(of, failed, tools) }, why)
  }
}

function notBroughtBack(failed: Failed, why: string): Failed {
  const recovery =
    failed.recovery.length > 0 ? failed.recovery : ['lucree unstick   # leads it back to where it works']
  return { ...failed, recovery, aftermath: { removed: false, tried: true, why } }
}

/** What serves after a rollback that broke off; as it was before it when that can't be looked at. */
async function servingAfter(
  { target, restored }: Undoing,
  { serving }: Failed,
  { cloud, clock, signal }: Tools,
): Promise<string> {
  try {
    const expected = { ...target, versionLabel: restored.version }
    return servingNow(await look(cloud.beanstalk, expected, clock, signal), target)
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    return `before the rollback, ${serving}`
  }
}

async function bringBack(of: Undoing, state: Asking, tools: Tools): Promise<Proof> {
  const { target, restored } = of
  const { application, environment } = target
  const { beanstalk } = tools.cloud
  const expected = { ...target, versionLabel: restored.version }
  const differing = async () =>
    inverse(of, await beanstalk.describeSettings(application, environment, tools.signal))
  const seen = await lookUntil(waiting(tools), () => look(beanstalk, expected, tools.clock, tools.signal))
  const options = await lookUntil(waiting(tools), differing)
  if (!seen || !options) throw notBack(environment, undefined)
  // Immutable and traffic splitting leave what was there as it was.
  if (seen.proven && options.settings.length + options.remove.length === 0) return seen
  const update: EnvironmentUpdate = { application, environment, versionLabel: restored.version, ...options }
  const change = await stage(
    tools,
    `Roll back to ${restored.version}`,
    () => {
      state.asked = 'perhaps'
      return updateEnvironment(beanstalk, update, waiting(tools))
    },
    () => 'accepted',
  )
  state.asked = 'yes'
  const patience = patienceOf(tools, tools.clock.now())
  const { settled, environment: now } = await stage(
    tools,
    'Follow',
    () => follow(change, tools),
    (followed) => `environment is ${followed.environment?.status ?? 'gone'}`,
  )
  if (!settled) throw notBack(environment, now?.cname)
  const afterDeployment = lastDeployment(seen.instances)
  const proof = await stage(
    tools,
    'Prove',
    () => prove(beanstalk, { ...expected, afterDeployment }, waiting(tools), patience),
    describeProof,
  )
  const left = await lookUntil(waiting(tools), differing)
  const [option] = [...(left?.settings ?? []), ...(left?.remove ?? [])]
  return option && proof.proven
    ? { ...proof, proven: false, missing: `${option.name} is not what it was` }
    : proof
}

/** The options that the change touched, as they were before it and aren't now. */
function inverse({ sent, removed, before }: Undoing, now: OptionSetting[]) {
  const touched = new Set([...sent, ...removed].map(optionId))
  const earlier = before.settings.filter((option) => touched.has(optionId(option)))
  const known = new Set(earlier.map(optionId))
  const present = new Set(now.map(optionId))
  return {
    settings: changedSettings(now, earlier),
    remove: sent
      .filter((option) => !known.has(optionId(option)) && present.has(optionId(option)))
      .map(({ namespace, name }) => ({ namespace, name })),
  }
}

function notBack(environment: string, cname: string | undefined): PlatformError {
  return new PlatformError(`${environment} is still being rolled back`, {
    code: 'LUC-ROLLBACK-TIMEOUT',
    why: `it was not Ready in time${cname ? `; its address is ${urlOf(cname)}` : ''}`,
  })
}

/** Ctrl-C doesn't stop Beanstalk: the user is told what failed and what goes on without them. */
function leftUnderWay(
  error: Interrupted,
  { failed, of, asked }: Asking & { failed: Failed; of: Undoing },
): Interrupted {
  const { outcome: _failed, diagnosis, recovery, claim: _claim, serving, ...told } = failed
  const left = {
    no: 'Beanstalk was not asked to bring back what was before',
    perhaps: 'Beanstalk may have been asked to bring back what was before',
    yes: 'Beanstalk goes on with bringing back what was before',
  }[asked]
  return new Interrupted(`${error.message} while ${told.environment} was being rolled back`, {
    why: `its change had failed (${diagnosis.cause}); ${left}, and ${of.restored.version} is not proven to serve`,
    evidence: diagnosis.evidence,
    serving: `before the rollback, ${serving}`,
    hints:
      asked === 'no' ? [...recovery, 'lucree status'] : ['lucree status', 'lucree events -f', ...recovery],
    document: { ...told },
    cause: error,
  })
}
