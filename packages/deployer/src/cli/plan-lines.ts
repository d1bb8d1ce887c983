import type { CostDifference } from '../deploy/cost.ts'
import { describeDrift } from '../deploy/drift.ts'
import type { Forecast } from '../deploy/forecast.ts'
import type { PlanLine, Progress } from '../deploy/progress.ts'
import type { Told } from '../deploy/result.ts'
import { formatDuration } from '../report/duration.ts'

/** A plan for people: its steps, what requests will notice, how long it takes, what it costs, and what was changed outside lucree. */
export function planLines(told: Told, { local }: { local: boolean }): PlanLine[] {
  const { environment, version, steps, expectedDurationMs, outage, cost, drift } = told
  const drifted = drift ? driftLines(drift, local) : []
  if (steps.length === 0) {
    return [{ text: `Nothing to do: ${environment} runs ${version ?? 'what was asked for'}` }, ...drifted]
  }
  return [
    { text: `Plan for ${environment}:` },
    ...steps.map(({ name, effect, reason }) => ({
      text: `  ${name}`,
      detail: effect === 'none' ? reason : `${effect}; ${reason}`,
    })),
    ...gapLine(told, outage),
    ...(expectedDurationMs
      ? [{ text: `Duration: about ${roughly(expectedDurationMs)}`, detail: 'as recorded on AWS' }]
      : []),
    ...(cost ? [costLine(cost, local)] : []),
    ...drifted,
  ]
}

/** Tells a plan before it is carried out. That there is nothing to do is the result's word. */
export function planTeller(progress: Progress, where: { local: boolean }): (told: Told) => void {
  return (told) => {
    const lines = planLines(told, where)
    const said = told.steps.length > 0 ? lines : lines.slice(1)
    if (said.length > 0) progress.emit({ kind: 'plan', lines: said, document: planDocument(told) })
  }
}

/** The same for programs: what `--dry-run --json` says of it. */
export function planDocument(told: Told): Record<string, unknown> {
  const { application, environment, steps, bundle, outage, expectedDurationMs, cost, drift } = told
  return { application, environment, steps, bundle, outage, expectedDurationMs, cost, drift }
}

function gapLine({ steps }: Told, outage: string | null | undefined): PlanLine[] {
  if (outage) return [{ text: `Requests: some can go unanswered; ${outage}` }]
  const touches = steps.some(({ effect }) => effect !== 'none')
  return touches ? [{ text: 'Requests: none go unanswered' }] : []
}

/** Seconds below two minutes, whole minutes above: more would claim too much. */
function roughly(ms: number): string {
  return ms < 120_000 ? formatDuration(ms) : `${Math.round(ms / 60_000)} min`
}

function costLine(cost: CostDifference, local: boolean): PlanLine {
  const { beforeMonthly, afterMonthly, unknown, asOf, region } = cost
  const where = local ? 'Cost: nothing here; on AWS' : 'Cost:'
  const source = `list prices of ${region} as of ${asOf}, without traffic; other regions differ`
  if (beforeMonthly === null || afterMonthly === null)
    return { text: `${where} not known`, detail: unknown ?? 'a price is not known' }
  const after = dollars(afterMonthly)
  if (beforeMonthly === 0) return { text: `${where} about ${after} a month`, detail: source }
  const change = Math.round((afterMonthly - beforeMonthly) * 100) / 100
  if (change === 0) return { text: `${where} unchanged, about ${after} a month`, detail: source }
  const sign = change > 0 ? '+' : '-'
  return {
    text: `${where} about ${after} a month, ${sign}${dollars(Math.abs(change))}`,
    detail: source,
  }
}

function dollars(amount: number): string {
  return `US$ ${amount.toFixed(2)}`
}

/** Options that drifted and are shown by name; of more only the number is. */
const DRIFT_IN_VIEW = 10

function driftLines({ release, kept, options }: NonNullable<Forecast['drift']>, local: boolean): PlanLine[] {
  const reverting = `lucree deploy${local ? ' --local' : ''} --revert-drift`
  const fate = kept ? `kept; ${reverting} brings back` : 'brought back to'
  const rest = options.length - DRIFT_IN_VIEW
  return [
    { text: `Changed outside lucree since release ${release}`, detail: `${fate} what the release had` },
    ...options.slice(0, DRIFT_IN_VIEW).map((option) => ({ text: `  ${describeDrift(option)}` })),
    ...(rest > 0 ? [{ text: `  and ${rest} more` }] : []),
  ]
}
