import { balancingOptions } from './balancing.ts'
import { deployingOptions } from './deploying.ts'
import { instanceOptions } from './instances.ts'
import type { Option } from './option.ts'

/** Namespaces whose option names are the user's own: environment properties, and secrets by ARN. */
export const propertyNamespace = 'aws:elasticbeanstalk:application:environment'
export const secretNamespace = 'aws:elasticbeanstalk:application:environmentsecrets'

const userDefined = new Set([propertyNamespace, secretNamespace])

/** Every option that isn't the user's own, ordered by namespace and name. */
export const options: readonly Option[] = [...instanceOptions, ...balancingOptions, ...deployingOptions].sort(
  (a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name),
)

const byKey = new Map(options.map((option) => [keyOf(option), option]))

export function isUserDefined(namespace: string): boolean {
  return userDefined.has(namespace)
}

/** Undefined when the platform has no such option. Processes and listeners may carry any name of the user's in their namespace. */
export function findOption(namespace: string, name: string): Option | undefined {
  if (userDefined.has(namespace))
    return { namespace, name, severity: 'RestartApplicationServer', kind: 'text' }
  const known = byKey.get(keyOf({ namespace, name }))
  if (known !== undefined) return known
  const like = byKey.get(keyOf({ namespace: namedAfter(namespace), name }))
  return like && { ...like, namespace }
}

export function keyOf(option: { namespace: string; name: string }): string {
  return `${option.namespace} ${option.name}`
}

function namedAfter(namespace: string): string {
  return namespace
    .replace(/^(aws:elasticbeanstalk:environment:process):[\w-]+$/, '$1:default')
    .replace(/^(aws:elbv2:listener):\d+$/, '$1:default')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
