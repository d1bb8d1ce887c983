import type { ConfigurationOptionSetting, OptionSpecification } from '@aws-sdk/client-elastic-beanstalk'
import { invalidConfiguration, missingParameter } from '../errors.ts'
import type { Setting } from '../state/model.ts'
import { mergeSettings } from './settings.ts'
import { problemsOf } from './validate.ts'

/** Settings as a request brings them. Throws when one has no namespace or no name. */
export function readSettings(given: readonly ConfigurationOptionSetting[] | undefined): Setting[] {
  return (given ?? []).map(({ Namespace, OptionName, Value }) => {
    if (!Namespace || !OptionName)
      throw missingParameter('Namespace and OptionName must be specified for every option setting.')
    return { namespace: Namespace, name: OptionName, value: Value ?? '' }
  })
}

export function readRemovals(
  given: readonly OptionSpecification[] | undefined,
): Pick<Setting, 'namespace' | 'name'>[] {
  return readSettings(given).map(({ namespace, name }) => ({ namespace, name }))
}

/** The settings that hold after the request's changes. Throws ConfigurationValidationException with the first thing that is wrong. */
export function applySettings(
  before: readonly Setting[] | undefined,
  changes: readonly Setting[],
  removals: readonly Pick<Setting, 'namespace' | 'name'>[],
): Setting[] {
  const after = mergeSettings(before ?? [], changes, removals)
  const removed = removals.map((removal) => ({ ...removal, value: '' }))
  const error = problemsOf([...changes, ...removed], after, before).find(
    ({ severity }) => severity === 'error',
  )
  if (error !== undefined) throw invalidConfiguration(error.message)
  return after
}
