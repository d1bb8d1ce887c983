import { propertyValue } from '../config/secret-name.ts'
import type { Sensitive } from '../config/sensitive.ts'

/** An option of a configuration: what the console shows as a setting. */
export interface OptionSetting {
  namespace: string
  name: string
  value: string
}

export type OptionKey = Pick<OptionSetting, 'namespace' | 'name'>

export const PROPERTIES = 'aws:elasticbeanstalk:application:environment'

/** The environment properties among settings, by name. Any of them may be a secret: Beanstalk doesn't tell. */
export function propertiesOf(settings: OptionSetting[]): Map<string, Sensitive> {
  const properties = settings.filter(({ namespace }) => namespace === PROPERTIES)
  return new Map(properties.map(({ name, value }) => [name, propertyValue(name, value)]))
}

export function propertySetting(name: string, value: Sensitive): OptionSetting {
  return { namespace: PROPERTIES, name, value: value.reveal() }
}

export function propertyKey(name: string): OptionKey {
  return { namespace: PROPERTIES, name }
}

/** The settings of `wanted` that `deployed` hasn't or has with another value. */
export function changedSettings(deployed: OptionSetting[], wanted: OptionSetting[]): OptionSetting[] {
  const values = new Map(deployed.map((option) => [optionId(option), option.value]))
  return wanted.filter((option) => values.get(optionId(option)) !== option.value)
}

/** The value of one option among settings; undefined where it isn't set. */
export function valueOf(settings: OptionSetting[], { namespace, name }: OptionKey): string | undefined {
  return settings.find((option) => option.namespace === namespace && option.name === name)?.value
}

export function optionId({ namespace, name }: OptionKey): string {
  return `${namespace}/${name}`
}
