import { propertiesOf } from '../beanstalk/option-settings.ts'
import { droppedNames, tellDropped } from '../config/dropped-names.ts'
import type { Sensitive } from '../config/sensitive.ts'
import { checkTotalSize, checkVariableName, checkVariableValue } from '../config/variables.ts'
import type { DeployTarget } from '../config/target.ts'
import type { Content } from './content.ts'
import type { Observed } from './observe.ts'
import type { Tools } from './tools.ts'

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

/** Warns of properties whose names the shell drops that the application starts through. */
export function tellDroppedProperties(
  { bundle }: Content,
  { observed, values }: { observed: Observed; values: Map<string, Sensitive> },
  { progress }: Tools,
): void {
  const shell = bundle?.image?.shell
  if (shell === undefined) return
  const all = [...propertiesOf(observed.environment?.settings ?? []).keys(), ...values.keys()]
  const dropped = droppedNames(new Set(all))
  if (dropped.length > 0) progress.emit({ kind: 'warning', message: tellDropped(dropped, shell) })
}
