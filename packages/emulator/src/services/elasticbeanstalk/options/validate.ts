import type { Setting } from '../state/model.ts'
import { checkProperties } from './properties.ts'
import { combinationProblems } from './combinations.ts'
import type { Option } from './option.ts'
import { findOption, isUserDefined } from './table.ts'

/** Something that the service says about a setting. A message never holds a property's value. */
export interface Problem {
  severity: 'error' | 'warning'
  namespace: string
  name: string
  message: string
}

/**
 * What is wrong with the settings that a request brings, each alone and together with those that the environment has.
 * `changes` are the request's, `all` what would hold after it, `before` what holds now (undefined when the environment is new).
 */
export function problemsOf(
  changes: readonly Setting[],
  all: readonly Setting[],
  before: readonly Setting[] | undefined,
): Problem[] {
  return [
    ...changes.flatMap(settingProblems),
    ...checkProperties(all),
    ...combinationProblems(changes, all, before),
  ]
}

function settingProblems(setting: Setting): Problem[] {
  const option = findOption(setting.namespace, setting.name)
  const name = `(Namespace: '${setting.namespace}', OptionName: '${setting.name}')`
  if (option === undefined) {
    return [problem(setting, `Invalid option specification ${name}: Unknown configuration setting.`)]
  }
  if (isUserDefined(setting.namespace) || setting.value === '') return []
  const reason = reasonAgainst(option, setting.value)
  return reason === undefined
    ? []
    : [problem(setting, `Invalid option value: '${setting.value}' ${name}: ${reason}`)]
}

function reasonAgainst(option: Option, value: string): string | undefined {
  switch (option.kind) {
    case 'boolean':
      return /^(true|false)$/i.test(value)
        ? undefined
        : 'Value is not one of the allowed values: [true, false]'
    case 'choice':
      return option.choices?.includes(value)
        ? undefined
        : `Value is not one of the allowed values: [${option.choices?.join(', ')}]`
    case 'integer':
      return reasonAgainstNumber(option, value)
    case 'text':
    case 'list':
      return option.pattern === undefined || option.pattern.regex.test(value)
        ? undefined
        : `Value does not satisfy regex: '${option.pattern.regex.source}' [${option.pattern.label}]`
  }
}

function reasonAgainstNumber({ min, max }: Option, value: string): string | undefined {
  if (!/^-?\d+$/.test(value)) return 'Value is not a number'
  if (min !== undefined && Number(value) < min) return `Value is less than minimum allowed value: ${min}`
  if (max !== undefined && Number(value) > max) return `Value is greater than maximum allowed value: ${max}`
  return undefined
}

function problem(setting: Setting, message: string): Problem {
  return { severity: 'error', namespace: setting.namespace, name: setting.name, message }
}
