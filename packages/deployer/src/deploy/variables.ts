import { propertiesOf } from '../beanstalk/option-settings.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { ObservedEnvironment } from './observe.ts'

/** A variable of an environment without its value. */
export interface VariableEntry {
  name: string
  store: 'property'
  /** Bytes of UTF-8. */
  length: number
  /** Keyed: comparable for one user on one machine, and no help in guessing. */
  fingerprint: string
  /** Whether every instance runs it. */
  state: 'applied' | 'pending'
}

/** The environment's variables in the order of their names. */
export function describeVariables(
  { settings, proof, description }: ObservedEnvironment,
  key: string,
): VariableEntry[] {
  const settled = proof.instances.every(({ deploymentStatus }) => deploymentStatus === 'deployed')
  const state = description.status === 'Ready' && settled ? 'applied' : 'pending'
  return [...propertiesOf(settings)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => ({
      name,
      store: 'property',
      length: value.bytes,
      fingerprint: value.fingerprint(key),
      state,
    }))
}

export function variableOf({ settings }: ObservedEnvironment, name: string): Sensitive | undefined {
  return propertiesOf(settings).get(name)
}
