import { describeProbe } from '../deploy/probe.ts'
import type { DeployResult } from '../deploy/result.ts'
import type { Style } from '../report/style.ts'
import { planLine } from '../report/wording.ts'
import { planLines } from './plan-lines.ts'

/** The result of a deploy for people: the address is the last word of the last line. */
export function deployLines(result: DeployResult, style: Style, where = { local: false }): string[] {
  const { outcome, environment, version, url } = result
  switch (outcome) {
    case 'planned':
      return planLines(result, where).map((line) => planLine(line, style))
    case 'unchanged':
      return [`${style.green('Unchanged:')} ${environment} runs ${version}, nothing was sent`, url ?? '']
    case 'started':
      return [`Started: ${environment} is being brought to ${version}; look with lucree status`]
    default:
      return [
        `${style.green('Deployed:')} ${environment} runs ${version}${result.release === undefined ? '' : ` (release ${result.release})`}`,
        ...measured(result, style),
        url ?? '',
      ]
  }
}

/** What visitors met while something was changed, and how it is undone. */
export function measured(result: DeployResult, style: Style): string[] {
  const { probe } = result
  const undo = result.outcome === 'deployed' ? result.undo : undefined
  return [
    ...(probe ? [`Meanwhile ${describeProbe(probe)}`] : []),
    ...(undo === undefined ? [] : [style.dim(`Undo: ${undo}`)]),
  ]
}
