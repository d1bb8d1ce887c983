import type { Setting } from '../state/model.ts'
import { findOption, keyOf, options, propertyNamespace, secretNamespace } from './table.ts'
import type { ChangeSeverity } from './option.ts'

/** The value that holds: the one that was set, else the option's default, else the empty string. */
export function valueOf(settings: readonly Setting[], namespace: string, name: string): string {
  const set = settings.find((setting) => setting.namespace === namespace && setting.name === name)
  return set?.value ?? findOption(namespace, name)?.defaultValue ?? ''
}

export function numberOf(settings: readonly Setting[], namespace: string, name: string): number {
  return Number(valueOf(settings, namespace, name))
}

/** Later values replace earlier ones; an empty value, like a removal, takes the setting away. */
export function mergeSettings(
  settings: readonly Setting[],
  changes: readonly Setting[],
  removals: readonly Pick<Setting, 'namespace' | 'name'>[],
): Setting[] {
  const merged = new Map(settings.map((setting) => [keyOf(setting), setting]))
  for (const removal of removals) merged.delete(keyOf(removal))
  for (const change of changes) {
    if (change.value === '') merged.delete(keyOf(change))
    else merged.set(keyOf(change), change)
  }
  return [...merged.values()]
}

/** Settings that were set, and the defaults of all others. */
export function withDefaults(settings: readonly Setting[]): Setting[] {
  const set = new Set(settings.map(keyOf))
  const defaults = options.filter((option) => !set.has(keyOf(option)))
  return [
    ...settings,
    ...defaults.map(({ namespace, name, defaultValue }) => ({ namespace, name, value: defaultValue ?? '' })),
  ]
}

/** The plain environment properties, by name. */
export function propertiesOf(settings: readonly Setting[]): Record<string, string> {
  const properties = settings.filter((setting) => setting.namespace === propertyNamespace)
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]))
}

export function hasSecrets(settings: readonly Setting[]): boolean {
  return settings.some((setting) => setting.namespace === secretNamespace)
}

const order: ChangeSeverity[] = [
  'NoInterruption',
  'RestartApplicationServer',
  'RestartEnvironment',
  'Unknown',
]

/** What the change from one configuration to the other does to the instances: the gravest of what its options do; undefined when nothing changes. */
export function severityOfChange(
  before: readonly Setting[],
  after: readonly Setting[],
): ChangeSeverity | undefined {
  const old = new Map(before.map((setting) => [keyOf(setting), setting.value]))
  const now = new Map(after.map((setting) => [keyOf(setting), setting.value]))
  const severities = [...new Map([...before, ...after].map((setting) => [keyOf(setting), setting])).values()]
    .filter((setting) => old.get(keyOf(setting)) !== now.get(keyOf(setting)))
    .map((setting) => findOption(setting.namespace, setting.name)?.severity ?? 'Unknown')
  return order.findLast((severity) => severities.includes(severity))
}

export function isSingleInstance(settings: readonly Setting[]): boolean {
  return valueOf(settings, 'aws:elasticbeanstalk:environment', 'EnvironmentType') === 'SingleInstance'
}

export function hasEnhancedHealth(settings: readonly Setting[]): boolean {
  return valueOf(settings, 'aws:elasticbeanstalk:healthreporting:system', 'SystemType') === 'enhanced'
}

/** How many instances the environment keeps. */
export function sizeOf(settings: readonly Setting[]): number {
  return isSingleInstance(settings) ? 1 : numberOf(settings, 'aws:autoscaling:asg', 'MinSize')
}
