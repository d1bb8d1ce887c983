import { nounOf } from '../lifecycle/nouns.ts'
import { hasEnhancedHealth } from '../options/settings.ts'
import type { Environment, HealthStatus, Severity } from '../state/model.ts'
import { colorOf, timeCauses } from './judge.ts'

export interface Transition {
  severity: Severity
  message: string
}

/** What is told when health changes from what the environment has to what was judged; undefined when the status stays. */
export function transitionOf(
  environment: Environment,
  judged: { status: HealthStatus; causes: string[] },
  now: Date,
): Transition | undefined {
  const before = environment.health?.status
  if (before === judged.status) return undefined
  if (!hasEnhancedHealth(environment.settings)) return colorChange(before, judged.status)
  const from = before === undefined ? '' : ` from ${before}`
  const causes = causesWithTime(environment, judged.causes, now)
  return {
    severity: severityOf(judged.status),
    message: [`Environment health has transitioned${from} to ${judged.status}.`, ...causes].join(' '),
  }
}

/** An operation under way comes before the causes, one that ended after them. */
export function causesWithTime(environment: Environment, causes: readonly string[], now: Date): string[] {
  const time = timeCauses(environment, nounOf(environment.operation), now)
  return environment.operation === undefined ? [...causes, ...time] : [...time, ...causes]
}

/** Basic health knows colours only. */
function colorChange(before: HealthStatus | undefined, after: HealthStatus): Transition | undefined {
  const color = colorOf(after)
  if (color === 'Grey' || (before !== undefined && colorOf(before) === color)) return undefined
  return { severity: severityOf(after), message: `Environment health has been set to ${color.toUpperCase()}` }
}

function severityOf(status: HealthStatus): Severity {
  return status === 'Warning' || status === 'Degraded' || status === 'Severe' ? 'WARN' : 'INFO'
}
