import { LucreeError, PermissionError } from '../../errors.ts'
import { INSTANCE_PROFILE, SERVICE_ROLE } from '../../beanstalk/options.ts'
import { attaching } from '../policy/attaching.ts'
import { actionsByPlace, RIGHTS } from '../policy/policy.ts'
import { examplesOf, type Whereabouts } from '../policy/place.ts'
import type { Case, Purpose, Right } from '../policy/right.ts'
import type { Check, CheckResult } from './check.ts'
import { atOnce } from './at-once.ts'
import type { ExaminedContext } from './examined.ts'

const NAMED = 5
/** IAM simulates slowly and limits how often. */
const SIMULATIONS_AT_ONCE = 4

/** Whether the caller's policies allow what lucree and, on its behalf, Elastic Beanstalk do. */
export const rightsCheck: Check<ExaminedContext> = {
  name: 'rights',
  run: async (context, signal) => {
    const principal = principalOf(context.caller.arn)
    if (principal === 'root') return [ok('the root user may do everything')]
    if (principal === undefined) {
      return [
        unknown(context, 'the rights of a federated user are not known to IAM'),
        ...(await tryReads(context, signal)),
      ]
    }
    const rights = await applying(context, signal)
    try {
      const missing = await simulate(context, { principal, rights }, signal)
      return verdict(context, rights, missing)
    } catch (error) {
      if (signal.aborted || !(error instanceof LucreeError)) throw error
      const why = error.why ? `${error.message}: ${error.why}` : error.message
      return [unknown(context, why), ...(await tryReads(context, signal))]
    }
  },
}

/**
 * The failed line of the rights that a first deploy lacks, so that it stops before anything is made. Nothing when they are there, and nothing when
 * they can't be known: the call that lacks a right then says so.
 */
export async function rightsMissingForDeploy(
  context: ExaminedContext,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const principal = principalOf(context.caller.arn)
  if (principal === undefined || principal === 'root') return []
  const rights = (await applying(context, signal)).filter(({ purposes }) => purposes.includes('deploy'))
  try {
    const missing = await simulate(context, { principal, rights }, signal)
    return missing.length === 0 ? [] : [lacking(context, rights, missing, 'failed')]
  } catch (error) {
    if (signal.aborted || !(error instanceof LucreeError)) throw error
    return []
  }
}

/** ARN that IAM simulates for: a user itself, of a session its role. */
export function principalOf(callerArn: string): string | undefined {
  if (callerArn.endsWith(':root')) return 'root'
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn)
  if (session) return `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`
  return /:(user|role)\//.test(callerArn) ? callerArn : undefined
}

/** The rights that matter in this account, for this target. */
async function applying(context: ExaminedContext, signal: AbortSignal): Promise<Right[]> {
  const { target, makesDefaultVpc = false } = context
  const cases: Record<Case, boolean> = {
    roles: await makesRoles(context, signal),
    'load-balancer': target.type === 'load-balanced',
    'default-vpc': makesDefaultVpc,
  }
  return RIGHTS.filter(({ only }) => only === undefined || cases[only])
}

/** A caller who may not look is taken to have to make them. */
async function makesRoles({ target, cloud, makesRoles = true }: ExaminedContext, signal: AbortSignal) {
  if (!makesRoles) return false
  try {
    const [profile, service] = await Promise.all([
      target.instanceProfile === undefined ? cloud.roles.describeProfile(INSTANCE_PROFILE, signal) : 'named',
      target.serviceRole === undefined ? cloud.roles.describeRole(SERVICE_ROLE, signal) : 'named',
    ])
    return profile === undefined || service === undefined
  } catch (error) {
    if (signal.aborted || !(error instanceof LucreeError)) throw error
    return true
  }
}

/** The actions that are not allowed, sorted. */
async function simulate(
  { caller, target, cloud }: ExaminedContext,
  { principal, rights }: { principal: string; rights: Right[] },
  signal: AbortSignal,
): Promise<string[]> {
  const at: Whereabouts = { ...target, accountId: caller.accountId }
  const questions = [...actionsByPlace(rights)].flatMap(([place, actions]) =>
    examplesOf(place, at).map((resource) => ({ actions, resource })),
  )
  const answers = await atOnce(SIMULATIONS_AT_ONCE, questions, ({ actions, resource }) =>
    cloud.roles.simulate(principal, actions, [resource], signal),
  )
  return [...new Set(answers.flat().flatMap(({ action, allowed }) => (allowed ? [] : [action])))].sort()
}

function verdict(context: ExaminedContext, rights: Right[], missing: string[]): CheckResult[] {
  const known = new Set(rights.flatMap(({ actions }) => actions)).size
  if (missing.length === 0) return [ok(`all ${known} are there, as simulated with the caller's policies`)]
  const forDeploy = missing.filter((action) => needs(rights, action, ['deploy', 'env', 'read']))
  const others = missing.filter((action) => !forDeploy.includes(action))
  return [
    ...(forDeploy.length > 0 ? [lacking(context, rights, forDeploy, 'failed')] : []),
    ...(others.length > 0 ? [lacking(context, rights, others, 'warning')] : []),
  ]
}

function needs(rights: Right[], action: string, purposes: Purpose[]): boolean {
  return rights.some(
    (right) => right.actions.includes(action) && purposes.some((purpose) => right.purposes.includes(purpose)),
  )
}

function lacking(
  { caller }: ExaminedContext,
  rights: Right[],
  actions: string[],
  state: 'failed' | 'warning',
): CheckResult {
  const reasons = new Set(
    rights
      .filter((right) => right.actions.some((action) => actions.includes(action)))
      .map(({ by, why }) => `${by} needs ${actions.length === 1 ? 'it' : 'them'}: ${why}`),
  )
  const [first = ''] = reasons
  return {
    ...{ name: 'rights', state, code: 'LUC-ACCOUNT-RIGHTS' },
    found: `${listed(actions)} ${actions.length === 1 ? 'is' : 'are'} not allowed`,
    why: state === 'failed' ? first : `a deploy works without; ${first}`,
    mend: [attaching(caller.arn)],
    ...(state === 'failed' ? { exitCode: 3 as const } : {}),
  }
}

function listed(actions: string[]): string {
  const more = actions.length - NAMED
  return more > 0 ? `${actions.slice(0, NAMED).join(', ')} and ${more} more` : actions.join(', ')
}

function ok(found: string): CheckResult {
  return { name: 'rights', state: 'ok', found, mend: [] }
}

function unknown({ caller }: ExaminedContext, why: string): CheckResult {
  return {
    ...{ name: 'rights', state: 'unknown', code: 'LUC-ACCOUNT-RIGHTS-UNKNOWN' },
    found: 'could not be simulated; calls that only read were tried instead',
    why,
    mend: [attaching(caller.arn)],
  }
}

/** Dry calls: reading shows which rights to read are missing, and says nothing of those to change. */
async function tryReads(context: ExaminedContext, signal: AbortSignal): Promise<CheckResult[]> {
  const { cloud, target, caller } = context
  const bucket = `elasticbeanstalk-${target.region}-${caller.accountId}`
  const reads: (() => Promise<unknown>)[] = [
    () => cloud.beanstalk.describeApplication(target.application, signal),
    () => cloud.beanstalk.describeEnvironments(target, signal),
    () => cloud.beanstalk.describeVersions(target.application, undefined, signal),
    () => cloud.beanstalk.latestDockerPlatform(signal),
    () => cloud.bundles.list(bucket, `${target.application}/`, signal),
    () => cloud.roles.describeRole(SERVICE_ROLE, signal),
    () => cloud.roles.describeProfile(INSTANCE_PROFILE, signal),
    () => cloud.network.describeVpcs({ isDefault: true }, signal),
    () => cloud.network.describeInstanceTypes({ freeTierEligible: true }, signal),
  ]
  const denied = await atOnce(SIMULATIONS_AT_ONCE, reads, (read) => refusedAction(read, signal))
  const actions = [...new Set(denied.flatMap((action) => action ?? []))].sort()
  if (actions.length === 0) return []
  return [lacking(context, [...RIGHTS], actions, 'failed')]
}

/** Name of the action that a call was denied for; undefined when it was allowed, or ended in another way. */
async function refusedAction(read: () => Promise<unknown>, signal: AbortSignal): Promise<string | undefined> {
  try {
    await read()
    return undefined
  } catch (error) {
    if (signal.aborted || !(error instanceof LucreeError)) throw error
    return error instanceof PermissionError ? error.message.replace(' is not allowed', '') : undefined
  }
}
