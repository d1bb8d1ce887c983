import type {
  DescribeEnvironmentHealthCommandInput,
  DescribeEnvironmentHealthCommandOutput,
  DescribeInstancesHealthCommandInput,
  DescribeInstancesHealthCommandOutput,
  SingleInstanceHealth,
} from '@aws-sdk/client-elastic-beanstalk'
import { loadavg } from 'node:os'
import type { Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidRequest } from '../errors.ts'
import { colorOf, countByStatus, type InstanceHealth } from '../health/judge.ts'
import { causesWithTime } from '../health/transition.ts'
import { hasEnhancedHealth } from '../options/settings.ts'
import type { Environment } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findEnvironment } from './find.ts'
import { pageOf } from './pages.ts'
import type { Service } from './service.ts'

const environmentAttributes = [
  'Status',
  'Color',
  'Causes',
  'ApplicationMetrics',
  'InstancesHealth',
  'All',
  'HealthStatus',
  'RefreshedAt',
]
const instanceAttributes = [
  'HealthStatus',
  'Color',
  'Causes',
  'ApplicationMetrics',
  'RefreshedAt',
  'LaunchedAt',
  'System',
  'Deployment',
  'AvailabilityZone',
  'InstanceType',
  'All',
]

export function describeEnvironmentHealth({
  context,
  health,
}: Service): Action<
  DescribeEnvironmentHealthCommandInput,
  Omit<DescribeEnvironmentHealthCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    const environment = findEnhanced(context, input)
    const asks = attributeFilter(input.AttributeNames, environmentAttributes)
    const status = environment.health?.status ?? 'Pending'
    return {
      EnvironmentName: environment.name,
      ...(asks('HealthStatus') && { HealthStatus: status }),
      ...(asks('Status') && {
        Status: environment.status as NonNullable<DescribeEnvironmentHealthCommandOutput['Status']>,
      }),
      ...(asks('Color') && { Color: colorOf(status) }),
      ...(asks('Causes') && {
        Causes: causesWithTime(environment, environment.health?.causes ?? [], context.clock.now()),
      }),
      ...(asks('ApplicationMetrics') && {
        ApplicationMetrics: metricsOf(
          context,
          environment.instances.map(({ id }) => id),
        ),
      }),
      ...(asks('InstancesHealth') && { InstancesHealth: countByStatus(health.instances(environment.id)) }),
      ...(asks('RefreshedAt') && {
        RefreshedAt: health.refreshedAt(environment.id) ?? new Date(environment.createdAt),
      }),
    }
  }
}

export function describeInstancesHealth({
  context,
  health,
}: Service): Action<
  DescribeInstancesHealthCommandInput,
  Omit<DescribeInstancesHealthCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    const environment = findEnhanced(context, input)
    const asks = attributeFilter(input.AttributeNames, instanceAttributes)
    const { items, ...next } = pageOf(health.instances(environment.id), undefined, input.NextToken)
    return {
      InstanceHealthList: items.map((seen) =>
        describeInstance(context, environment, heard(environment, seen), asks),
      ),
      RefreshedAt: health.refreshedAt(environment.id) ?? new Date(environment.createdAt),
      ...next,
    }
  }
}

function describeInstance(
  context: Context,
  { instances }: Environment,
  seen: InstanceHealth,
  asks: (name: string) => boolean,
): SingleInstanceHealth {
  const instance = instances.find(({ id }) => id === seen.id)
  const deployment = seen.status === 'NoData' ? undefined : instance?.deployment
  return {
    InstanceId: seen.id,
    ...(asks('HealthStatus') && { HealthStatus: seen.status }),
    ...(asks('Color') && { Color: colorOf(seen.status) }),
    ...(asks('Causes') && { Causes: seen.causes }),
    ...(asks('ApplicationMetrics') && { ApplicationMetrics: metricsOf(context, [seen.id]) }),
    ...(asks('System') && { System: { LoadAverage: loadavg().slice(0, 2) } }),
    ...(instance && asks('LaunchedAt') && { LaunchedAt: new Date(instance.launchedAt) }),
    ...(instance && asks('AvailabilityZone') && { AvailabilityZone: instance.zone }),
    ...(instance && asks('InstanceType') && { InstanceType: instance.type }),
    ...(deployment &&
      asks('Deployment') && {
        Deployment: {
          VersionLabel: deployment.label,
          DeploymentId: deployment.id,
          Status: statusNames[deployment.status],
          DeploymentTime: new Date(deployment.at),
        },
      }),
  }
}

/** Of an environment whose instances send nothing, none is known any better. */
function heard({ health }: Environment, seen: InstanceHealth): InstanceHealth {
  return health?.status === 'NoData' ? { ...seen, status: 'NoData', causes: [] } : seen
}

function metricsOf({ metrics, clock }: Context, instanceIds: string[]) {
  return metrics.of(instanceIds, clock.now())
}

/** As the service spells them. */
const statusNames = { deployed: 'Deployed', pending: 'In Progress', failed: 'Failed' } as const

function findEnhanced({ store }: Context, key: Parameters<typeof findEnvironment>[1]): Environment {
  const environment = findEnvironment(store, key)
  if (hasEnhancedHealth(environment.settings)) return environment
  throw invalidRequest(`Environment ${environment.name} does not have enhanced health reporting enabled.`)
}

/** Throws InvalidRequestException on a name that doesn't exist. None asked for: nothing but what is always told. */
function attributeFilter(
  names: readonly string[] | undefined,
  known: readonly string[],
): (name: string) => boolean {
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw invalidRequest(`Unknown attribute name '${unknown}'. Valid names: ${known.join(', ')}.`)
  return (name) => names !== undefined && (names.includes('All') || names.includes(name))
}
