import { LucreeError } from '../errors.ts'
import { atOnce } from './checks/at-once.ts'
import { type Check, type CheckResult, refusal, thrownResult } from './checks/check.ts'
import { clockCheck } from './checks/clock-skew.ts'
import { admit } from './checks/credentials.ts'
import { environmentCheck } from './checks/environment.ts'
import type { ExaminedContext } from './checks/examined.ts'
import { platformCheck } from './checks/platform.ts'
import { beanstalkQuotasCheck, computeQuotasCheck } from './checks/quotas.ts'
import { rightsCheck } from './checks/rights.ts'
import { lookAtSource } from './checks/source.ts'
import { storageCheck } from './checks/storage.ts'
import { variablesCheck } from './checks/variables.ts'
import type { AccountContext } from './context.ts'
import { instanceTypeCheck } from './instance-type.ts'
import { networkCheck } from './network.ts'
import { rolesCheck } from './roles.ts'

/** What `lucree doctor` found: its `--json` document. */
export interface DoctorReport {
  application: string
  environment: string
  region: string
  checks: CheckResult[]
  /** How many lines would stop a deploy. */
  failed: number
  warnings: number
  unknown: number
  /** What no look beforehand can tell, a sentence each. */
  beyond: string[]
}

/** The account's checks, in the order of the report. */
const ACCOUNT_CHECKS: Check<ExaminedContext>[] = [
  clockCheck,
  rightsCheck,
  beanstalkQuotasCheck,
  computeQuotasCheck,
  networkCheck,
  rolesCheck,
  platformCheck,
  instanceTypeCheck,
  storageCheck,
  environmentCheck,
  variablesCheck,
]

/** Elastic Beanstalk limits calls by the account, shared with the console (facts sheet §3.2): few at a time. */
const CHECKS_AT_ONCE = 4

const BEYOND = [
  'whether EC2 has instances of the type free in the zones at the moment of the launch',
  'how many vCPUs and addresses other things of the account use',
  'whether base images exist and can be pulled from the instances',
  'whether the application starts and answers: a deploy proves that',
]

/**
 * Makes every check of source and account, and changes nothing. A check that breaks is a line of the report and never its end; without
 * credentials the account's checks say so.
 */
export async function examine(
  context: Omit<ExaminedContext, 'caller'>,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const { target } = context
  const [source, { caller, results: admission }] = await Promise.all([
    lookAtSource(target, context.runtime, signal),
    admit(context, signal),
  ])
  const examined: Omit<ExaminedContext, 'caller'> & Pick<AccountContext, 'image'> = {
    ...context,
    ...(source.image ? { image: source.image } : {}),
  }
  const account = caller
    ? await atOnce(CHECKS_AT_ONCE, ACCOUNT_CHECKS, (check) => make(check, { ...examined, caller }, signal))
    : [ACCOUNT_CHECKS.map(({ name }) => notLookedAt(name))]
  const checks = [...admission, ...account.flat(), ...source.results]
  const count = (wanted: CheckResult['state']) => checks.filter(({ state }) => state === wanted).length
  return {
    application: target.application,
    environment: target.environment,
    region: target.region,
    checks,
    failed: count('failed'),
    warnings: count('warning'),
    unknown: count('unknown'),
    beyond: target.local ? [] : BEYOND,
  }
}

/** The failure that a report with failed lines ends with: that of credentials or rights, else of the first line. Undefined when nothing failed. */
export function failureOf(report: DoctorReport): LucreeError | undefined {
  const failed = report.checks.filter(({ state }) => state === 'failed')
  const worst = failed.find(({ exitCode }) => exitCode === 3) ?? failed[0]
  if (!worst) return undefined
  const first = refusal(worst)
  if (failed.length === 1)
    return new LucreeError(first.message, { ...optionsOf(first), document: { ...report } })
  return new LucreeError(`${failed.length} things would stop a deploy`, {
    ...optionsOf(first),
    why: `${worst.name}: ${first.message}`,
    document: { ...report },
  })
}

function optionsOf({ code, exitCode, why, hints }: LucreeError) {
  return { code, exitCode, hints, ...(why === undefined ? {} : { why }) }
}

async function make(
  check: Check<ExaminedContext>,
  context: ExaminedContext,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  signal.throwIfAborted()
  try {
    return await check.run(context, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return [thrownResult(check.name, error)]
  }
}

function notLookedAt(name: string): CheckResult {
  return {
    name,
    state: 'unknown',
    found: 'not looked at: it needs credentials and a region that answers',
    mend: [],
  }
}
