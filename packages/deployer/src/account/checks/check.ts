import type { Clock } from '../../clock.ts'
import type { DeployTarget } from '../../config/target.ts'
import { LucreeError, PermissionError, PlatformError, SourceError } from '../../errors.ts'
import type { AccountCloud } from '../ports.ts'

/**
 * `ok`: nothing stands in the way. `warning`: a deploy may begin, and something is better changed. `failed`: a deploy would be stopped by it.
 * `unknown`: these credentials, or this cloud, don't let it be known.
 */
export type CheckState = 'ok' | 'warning' | 'failed' | 'unknown'

/** One line of `lucree doctor`: what was looked at, how it is, why that matters, and what to run to mend it. */
export interface CheckResult {
  /** What was looked at, in a word or two: `credentials`, `network`. */
  name: string
  state: CheckState
  /** What was found, one clause without a full stop. */
  found: string
  /** Why it matters, or why it isn't known. */
  why?: string
  /** Commands or changes that mend it, the most useful first. */
  mend: string[]
  /** Stable name of a failure or warning, such as `LUC-ACCOUNT-NO-VPC`. */
  code?: string
  /** What a command that is stopped by this failure ends with; 4 without it (DESIGN.md §4). */
  exitCode?: 3 | 4 | 5
}

/** What every check may look at. */
export interface CheckContext {
  target: DeployTarget
  cloud: AccountCloud
  clock: Clock
}

/** One question that is put to the source or to the account before anything is changed. It changes nothing itself. */
export interface Check<Context = CheckContext> {
  name: string
  /** Its lines, at least one. What it throws becomes a line too, so that one check never ends the others. */
  run(context: Context, signal: AbortSignal): Promise<CheckResult[]>
}

/** A failed result as the error that ends a command before it touched anything: exit 4, or 3 when credentials or a right are what is missing. */
export function refusal({ found, code = 'LUC-ACCOUNT', why, mend, exitCode = 4 }: CheckResult): LucreeError {
  const options = { code, ...(why === undefined ? {} : { why }), hints: mend }
  if (exitCode === 3) return new PermissionError(found, options)
  if (exitCode === 5) return new PlatformError(found, options)
  return new SourceError(found, options)
}

/** Throws the first failed result, those about credentials and rights before all others. */
export function refuseFailed(results: CheckResult[]): void {
  const failed = results.filter(({ state }) => state === 'failed')
  const first = failed.find(({ exitCode }) => exitCode === 3) ?? failed[0]
  if (first) throw refusal(first)
}

/**
 * What a check threw, as its line. The source's own refusals fail; a call that was refused or got no answer leaves the question open, for the
 * checks of credentials and of rights say what those stop.
 */
export function thrownResult(name: string, error: unknown): CheckResult {
  if (!(error instanceof LucreeError)) return brokenResult(name, error)
  return {
    name,
    state: error instanceof SourceError ? 'failed' : 'unknown',
    found: error.message,
    ...(error.why === undefined ? {} : { why: error.why }),
    mend: error.hints,
    code: error.code,
  }
}

function brokenResult(name: string, error: unknown): CheckResult {
  return {
    name,
    state: 'unknown',
    found: 'could not be looked at',
    why: error instanceof Error ? error.message : String(error),
    mend: [],
    code: 'LUC-ACCOUNT-CHECK-BROKE',
  }
}
