import type { DeployResult } from '../deploy/result.ts'
import type { Style } from '../report/style.ts'

/** The result of a deploy for people: the address is the last word of the last line. */
export function deployLines(result: DeployResult, style: Style): string[] {
  const { outcome, environment, version, url, steps } = result
  switch (outcome) {
    case 'planned':
      return steps.length === 0
        ? [`Nothing to do: ${environment} runs ${version}`]
        : steps.map(
            ({ name, effect, reason }) =>
              `${name} ${style.dim(`(${effect === 'none' ? '' : `${effect}; `}${reason})`)}`,
          )
    case 'unchanged':
      return [`${style.green('Unchanged:')} ${environment} runs ${version}, nothing was sent`, url ?? '']
    case 'started':
      return [`Started: ${environment} is being brought to ${version}; look with lucree status`]
    default:
      return [`${style.green('Deployed:')} ${environment} runs ${version}`, url ?? '']
  }
}
