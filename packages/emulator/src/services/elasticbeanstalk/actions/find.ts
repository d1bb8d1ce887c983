import { invalidValue, missingParameter, noApplication, noVersion } from '../errors.ts'
import type { Application, Environment, Template, Version } from '../state/model.ts'
import type { Store } from '../state/store.ts'

interface EnvironmentKey {
  EnvironmentId?: string | undefined
  EnvironmentName?: string | undefined
}

/** The one environment that id, name or both mean. A terminated one isn't found. */
export function findEnvironment(
  store: Store,
  { EnvironmentId, EnvironmentName }: EnvironmentKey,
): Environment {
  if (EnvironmentId === undefined && EnvironmentName === undefined) {
    throw missingParameter('Either EnvironmentId or EnvironmentName must be specified.')
  }
  const found = liveEnvironments(store).find(
    ({ id, name }) => id === (EnvironmentId ?? id) && name === (EnvironmentName ?? name),
  )
  if (found !== undefined) return found
  throw EnvironmentId === undefined
    ? invalidValue(`No Environment found for EnvironmentName = '${EnvironmentName}'.`)
    : invalidValue(`No Environment found for EnvironmentId = '${EnvironmentId}'.`)
}

export function liveEnvironments(store: Store): Environment[] {
  return store.environments().filter((environment) => environment.status !== 'Terminated')
}

export function findApplication(store: Store, name: string): Application {
  const application = store.application(name)
  if (application === undefined) throw noApplication(name)
  return application
}

export function findVersion(application: Application, label: string): Version {
  const version = application.versions.find((one) => one.label === label)
  if (version === undefined) throw noVersion(label)
  return version
}

export function findTemplate(application: Application, name: string): Template {
  const template = application.templates.find((one) => one.name === name)
  if (template === undefined) throw invalidValue(`No Configuration Template named '${name}' found.`)
  return template
}
