import { propertiesOf } from '../beanstalk/option-settings.ts'
import type { Sensitive } from '../config/sensitive.ts'
import { checkTotalSize, checkVariableName, checkVariableValue } from '../config/variables.ts'
import type { DeployTarget } from '../config/target.ts'
import type { Observed } from './observe.ts'

/** Refuses values that Beanstalk can't carry along with what the environment already has. */
export function checkProperties(values: Map<string, Sensitive>, { environment }: Observed): void {
  for (const [name, value] of values) {
    checkVariableName(name)
    checkVariableValue(name, value)
  }
  const all = new Map([...propertiesOf(environment?.settings ?? []), ...values])
  if (values.size > 0) checkTotalSize(Object.fromEntries(all))
}

/** Names that the environment must have and lacks, in a fixed order. */
export function missingProperties(
  target: DeployTarget,
  { environment }: Observed,
  alsoRequired: string[],
): string[] {
  const set = propertiesOf(environment?.settings ?? [])
  const required = Object.entries(target.variables).flatMap(([name, { required }]) =>
    required ? [name] : [],
  )
  return [...new Set([...required, ...alsoRequired])].filter((name) => !set.has(name)).sort()
}
