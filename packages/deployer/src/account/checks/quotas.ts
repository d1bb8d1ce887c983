import { LucreeError } from '../../errors.ts'
import type { AccountContext } from '../context.ts'
import type { UsedQuota } from '../ports.ts'
import type { Check, CheckResult } from './check.ts'
import type { ExaminedContext } from './examined.ts'

const NEARLY = 0.9
const CONSOLE = (region: string, service: string) =>
  `https://console.aws.amazon.com/servicequotas/home/services/${service}/quotas?region=${region}`

/** Elastic Beanstalk's quotas of the region against what is used of them (facts sheet §3.2). */
export const beanstalkQuotasCheck: Check<ExaminedContext> = {
  name: 'quotas',
  run: async ({ cloud, target }, signal) => {
    const [used, application, environments] = await Promise.all([
      cloud.usage.describe(signal),
      cloud.beanstalk.describeApplication(target.application, signal),
      cloud.beanstalk.describeEnvironments(target, signal),
    ])
    return quotaResults(
      used,
      { applications: application === undefined, environments: environments.length === 0, versions: true },
      target,
    )
  },
}

/** Lines about quotas: a failed one for each that is used up and that a deploy needs one more of. */
export function quotaResults(
  quotas: UsedQuota[],
  makes: Record<UsedQuota['kind'], boolean>,
  target: ExaminedContext['target'],
): CheckResult[] {
  const full = quotas.filter(({ kind, used, most }) => most !== undefined && used >= most && makes[kind])
  if (full.length > 0) return full.map((quota) => fullResult(quota, target))
  const near = quotas.filter(({ used, most }) => most !== undefined && used >= most * NEARLY)
  const counted = quotas.map(({ kind, used, most }) => `${used} of ${most ?? 'an unknown number of'} ${kind}`)
  const found = `used: ${counted.join(', ')}`
  if (near.length === 0) return [{ name: 'quotas', state: 'ok', found, mend: [] }]
  return [
    {
      ...{ name: 'quotas', state: 'warning', found, code: 'LUC-ACCOUNT-QUOTA-NEAR' },
      why: 'at the limit Beanstalk refuses the next one',
      mend: near.flatMap((quota) => mends(quota, target)),
    },
  ]
}

function fullResult(quota: UsedQuota, target: ExaminedContext['target']): CheckResult {
  return {
    ...{ name: 'quotas', state: 'failed', code: 'LUC-ACCOUNT-QUOTA' },
    found: `all ${quota.most} ${quota.kind} of ${target.region} are used`,
    why: `a deploy needs one more; they are counted over all applications of the region`,
    mend: mends(quota, target),
  }
}

function mends({ kind }: UsedQuota, { region, application }: ExaminedContext['target']): string[] {
  const list: Record<UsedQuota['kind'], string[]> = {
    applications: [
      `aws elasticbeanstalk describe-applications --region ${region} --query 'Applications[].ApplicationName'`,
    ],
    environments: [
      `aws elasticbeanstalk describe-environments --region ${region} --query 'Environments[].[ApplicationName,EnvironmentName]'`,
    ],
    versions: [
      `aws elasticbeanstalk describe-application-versions --region ${region} --query 'ApplicationVersions[].[ApplicationName,VersionLabel]' --output text`,
      `aws elasticbeanstalk delete-application-version --region ${region} --application-name ${application} --version-label LABEL --delete-source-bundle`,
    ],
  }
  return [...list[kind], `Ask for more: ${CONSOLE(region, 'elasticbeanstalk')}`]
}

/** Quotas of EC2 and of load balancing, by their codes in Service Quotas. */
const VCPUS = { service: 'ec2', code: 'L-1216C47A', what: 'vCPUs of running standard instances' }
const ADDRESSES = { service: 'ec2', code: 'L-0263D0A3', what: 'elastic IP addresses' }
const BALANCERS = { service: 'elasticloadbalancing', code: 'L-53DA6B97', what: 'application load balancers' }
/** Of the types that lucree chooses itself (facts sheet §2.5). */
const USUAL_VCPUS = 2

/** The failed lines of what EC2 and load balancing don't let the account have, so that a first deploy stops; none when that can't be asked. */
export async function limitsExceeded(context: AccountContext, signal: AbortSignal): Promise<CheckResult[]> {
  try {
    const results = await lookAtLimits(context, signal)
    return results.filter(({ state }) => state === 'failed')
  } catch (error) {
    if (signal.aborted || !(error instanceof LucreeError)) throw error
    return []
  }
}

/** What EC2 and load balancing let this account have. How much of it is used can't be told without reading every service of the account. */
export const computeQuotasCheck: Check<ExaminedContext> = { name: 'limits', run: lookAtLimits }

async function lookAtLimits({ cloud, target }: AccountContext, signal: AbortSignal): Promise<CheckResult[]> {
  const balanced = target.type === 'load-balanced'
  const type = target.instanceType
  const [described] =
    type === undefined ? [] : await cloud.network.describeInstanceTypes({ names: [type] }, signal)
  const vcpus = (described?.vcpus ?? USUAL_VCPUS) * target.maxInstances
  const needed = [{ ...VCPUS, need: vcpus }, balanced ? { ...BALANCERS, need: 1 } : { ...ADDRESSES, need: 1 }]
  const known = await Promise.all(
    needed.map(async (quota) => ({
      ...quota,
      most: await cloud.quotas.describe(quota.service, quota.code, signal),
    })),
  )
  const short = known.filter(({ most, need }) => most !== undefined && most < need)
  if (short.length > 0) {
    return short.map(({ what, most, need, service, code }) => ({
      ...{ name: 'limits', state: 'failed' as const, code: 'LUC-ACCOUNT-QUOTA' },
      found: `this account may have ${most} ${what}, and the environment needs ${need}`,
      why: 'EC2 would start no instance beyond it (VcpuLimitExceeded), and the environment would hang',
      mend: [
        `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${need} --region ${target.region}`,
      ],
    }))
  }
  const unknown = known.every(({ most }) => most === undefined)
  return [
    {
      name: 'limits',
      state: unknown ? 'unknown' : 'ok',
      found: `the environment needs ${known
        .map(({ what, most, need }) => `${need} of ${most ?? 'an unknown number of'} ${what}`)
        .join(' and ')}`,
      why: unknown ? 'Service Quotas knows neither' : 'how many of them are in use already is not looked at',
      mend: [],
    },
  ]
}
