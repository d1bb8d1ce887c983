import type { Caller } from '../../beanstalk/ports.ts'
import { CloudError, LucreeError, PermissionError } from '../../errors.ts'
import { makingUser } from '../policy/attaching.ts'
import type { CheckContext, CheckResult } from './check.ts'

/** Who the credentials belong to, and whether the region answers: what every other check of the account stands on. */
export interface Admission {
  /** Undefined when nobody was let in; the results say why. */
  caller: Caller | undefined
  results: CheckResult[]
}

/** Asks the region who the caller is. */
export async function admit(context: CheckContext, signal: AbortSignal): Promise<Admission> {
  const { cloud, target } = context
  try {
    const caller = await cloud.identity.describeCaller(signal)
    return { caller, results: [callerResult(caller, target.local), regionResult(context)] }
  } catch (error) {
    if (signal.aborted || !(error instanceof LucreeError)) throw error
    return { caller: undefined, results: refusedResults(error, target.region) }
  }
}

function callerResult({ accountId, arn }: Caller, local: boolean): CheckResult {
  const name = 'credentials'
  if (local) return { name, state: 'ok', found: `none are needed: embedded account ${accountId}`, mend: [] }
  const found = `account ${accountId}, ${arn}`
  if (!arn.endsWith(':root')) return { name, state: 'ok', found, mend: [] }
  return {
    ...{ name, state: 'warning', found, code: 'LUC-ACCOUNT-ROOT' },
    why: "the account's root user may do everything, and nothing can take a right from it when its key leaks",
    mend: makingUser('lucree'),
  }
}

function regionResult({ target }: CheckContext): CheckResult {
  return {
    name: 'region',
    state: 'ok',
    found: target.local ? 'this machine, which has no regions' : `${target.region} answers`,
    mend: [],
  }
}

/** Without an answer it isn't known whether the credentials are good. */
function refusedResults(error: LucreeError, region: string): CheckResult[] {
  const told = {
    found: error.message,
    ...(error.why ? { why: error.why } : {}),
    mend: error.hints,
    code: error.code,
  }
  if (error instanceof PermissionError) {
    return [
      { name: 'credentials', state: 'failed', ...told, exitCode: 3 },
      { name: 'region', state: 'unknown', found: `${region} was not asked`, mend: [] },
    ]
  }
  return [
    { name: 'credentials', state: 'unknown', found: 'nobody was there to ask', mend: [] },
    {
      name: 'region',
      state: 'failed',
      ...told,
      ...(error instanceof CloudError ? { exitCode: 5 as const } : {}),
    },
  ]
}
