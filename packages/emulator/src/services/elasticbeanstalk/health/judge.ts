import type { InstanceHealthSummary } from '@aws-sdk/client-elastic-beanstalk'
import { nounOf } from '../lifecycle/nouns.ts'
import { isSingleInstance } from '../options/settings.ts'
import type { Environment, HealthStatus, Instance } from '../state/model.ts'
import { spokenDuration } from './spoken.ts'

/** What was seen of an instance's application. */
export interface Seen {
  /** The container runs. */
  running: boolean
  /** It answers as it should; undefined until it was looked at often enough. */
  passing: boolean | undefined
}

export interface InstanceHealth {
  id: string
  status: HealthStatus
  causes: string[]
}

/** The colour of an enhanced status. Source: the developer guide's page on health colours and statuses. */
export function colorOf(status: HealthStatus): 'Green' | 'Yellow' | 'Red' | 'Grey' {
  switch (status) {
    case 'Ok':
    case 'Info':
      return 'Green'
    case 'Warning':
      return 'Yellow'
    case 'Degraded':
    case 'Severe':
      return 'Red'
    case 'Pending':
    case 'Unknown':
    case 'NoData':
    case 'Suspended':
      return 'Grey'
  }
}

export function judgeInstance(
  environment: Environment,
  instance: Instance,
  seen: Seen | undefined,
): InstanceHealth {
  const causes = [
    ...deploymentCauses(environment, instance),
    ...applicationCauses(environment, instance, seen),
  ]
  return { id: instance.id, status: instanceStatus(environment, instance, seen), causes }
}

function instanceStatus(environment: Environment, instance: Instance, seen: Seen | undefined): HealthStatus {
  if (instance.silent) return 'NoData'
  if (isImpaired(instance, seen)) return 'Severe'
  if (instance.commandFailed || isWrongVersion(environment, instance)) return 'Degraded'
  if (instance.container === undefined) return 'Pending'
  if (instance.deployment?.status === 'pending') return 'Info'
  return seen?.passing === undefined ? 'Unknown' : 'Ok'
}

/** The instances are being worked on. */
function isBusy(operation: Environment['operation']): boolean {
  return nounOf(operation) !== undefined
}

/** Its application should answer and doesn't. */
function isImpaired(instance: Instance, seen: Seen | undefined): boolean {
  return instance.container !== undefined && seen !== undefined && (!seen.running || seen.passing === false)
}

/** It runs, or was last told to run, another deployment than the environment's; while an operation is under way that is as it should be. */
function isWrongVersion({ deploymentId, operation }: Environment, { deployment }: Instance): boolean {
  return !isBusy(operation) && deployment !== undefined && deployment.id !== deploymentId
}

function deploymentCauses(environment: Environment, instance: Instance): string[] {
  const { deployment } = instance
  if (deployment === undefined) return []
  const failed = `Application deployment failed at ${deployment.at} with exit status 1 and error: Engine execution has encountered an error.`
  const found = `Incorrect application version "${deployment.label}" (deployment ${deployment.id}).`
  return [
    ...(instance.commandFailed ? [failed] : []),
    ...(isWrongVersion(environment, instance) ? [`${found} ${expectedVersion(environment)}`] : []),
  ]
}

function expectedVersion({ versionLabel, deploymentId }: Environment): string {
  return `Expected version "${versionLabel}" (deployment ${deploymentId}).`
}

function applicationCauses(environment: Environment, instance: Instance, seen: Seen | undefined): string[] {
  if (!isImpaired(instance, seen)) return []
  if (!seen?.running) return ['Following services are not running: eb-docker.']
  return isSingleInstance(environment.settings)
    ? ['100.0 % of the requests are failing with HTTP 5xx.']
    : ['Process default has been unhealthy (Target.FailedHealthChecks).']
}

/** The environment's status and the causes that hold as long as nothing changes; what is said of time is added by {@link timeCauses}. */
export function judgeEnvironment(
  environment: Environment,
  seen: ReadonlyMap<string, Seen>,
): { status: HealthStatus; causes: string[] } {
  const { instances, operation } = environment
  if (operation?.kind === 'create' || operation?.kind === 'rebuild') {
    return { status: 'Pending', causes: instances.length === 0 ? ['There are no instances.'] : [] }
  }
  if (instances.length === 0) return { status: 'NoData', causes: ['There are no instances.'] }
  const health = instances.map((instance) => judgeInstance(environment, instance, seen.get(instance.id)))
  return { status: environmentStatus(environment, health), causes: environmentCauses(environment, seen) }
}

function environmentStatus({ operation }: Environment, instances: InstanceHealth[]): HealthStatus {
  const has = (status: HealthStatus) => instances.some((instance) => instance.status === status)
  if (instances.every(({ status }) => status === 'Severe' || status === 'NoData')) return 'Severe'
  if (has('Severe') || (has('Degraded') && !isBusy(operation))) return 'Degraded'
  if (isBusy(operation)) return 'Info'
  if (instances.every(({ status }) => status === 'Unknown')) return 'Unknown'
  return has('Pending') ? 'Info' : 'Ok'
}

function environmentCauses(environment: Environment, seen: ReadonlyMap<string, Seen>): string[] {
  const { instances, operation } = environment
  const on = (some: Instance[]) =>
    some.length === instances.length ? 'all instances' : `${some.length} out of ${instances.length} instances`
  const unheard = instances.filter((instance) => instance.silent)
  const failed = isBusy(operation) ? [] : instances.filter((instance) => instance.commandFailed)
  const wrong = instances.filter((instance) => isWrongVersion(environment, instance))
  const impaired = instances.filter((instance) => isImpaired(instance, seen.get(instance.id)))
  const stopped = impaired.filter(({ id }) => !seen.get(id)?.running)
  const silent = impaired.filter(({ id }) => seen.get(id)?.running)
  return [
    ...(unheard.length > 0 ? [unheardCause(unheard.length, instances.length)] : []),
    ...(failed.length > 0 ? [`Command failed on ${on(failed)}.`] : []),
    ...(wrong.length > 0
      ? [`Incorrect application version found on ${on(wrong)}. ${expectedVersion(environment)}`]
      : []),
    ...(stopped.length > 0 ? [`Impaired services on ${on(stopped)}.`] : []),
    ...(silent.length > 0 ? [unansweredCause(environment, on(silent))] : []),
  ]
}

function unheardCause(count: number, total: number): string {
  return count === total
    ? 'None of the instances are sending data.'
    : `No data received from ${count} out of ${total} instances.`
}

function unansweredCause({ settings }: Environment, where: string): string {
  return isSingleInstance(settings)
    ? '100.0 % of the requests are failing with HTTP 5xx.'
    : `ELB processes are not healthy on ${where}.`
}

/** How long a finished operation is told among the causes. */
const toldSeconds = 180

/** What an operation under way, or one that just ended, adds to the causes. */
export function timeCauses(
  { operation, lastOperation }: Environment,
  noun: string | undefined,
  now: Date,
): string[] {
  const since = (at: string) => (now.getTime() - Date.parse(at)) / 1000
  if (operation !== undefined && noun !== undefined) {
    return [`${noun} in progress (running for ${spokenDuration(since(operation.startedAt))}).`]
  }
  if (lastOperation === undefined || since(lastOperation.at) > toldSeconds) return []
  const { noun: ended, outcome, at, seconds } = lastOperation
  return [`${ended} ${outcome} ${spokenDuration(since(at))} ago and took ${spokenDuration(seconds)}.`]
}

export function countByStatus(instances: readonly InstanceHealth[]): InstanceHealthSummary {
  const count = (status: HealthStatus) => instances.filter((instance) => instance.status === status).length
  return {
    NoData: count('NoData'),
    Unknown: count('Unknown'),
    Pending: count('Pending'),
    Ok: count('Ok'),
    Info: count('Info'),
    Warning: count('Warning'),
    Degraded: count('Degraded'),
    Severe: count('Severe'),
  }
}
