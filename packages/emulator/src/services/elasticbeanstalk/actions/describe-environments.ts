import type {
  DescribeEnvironmentResourcesCommandInput,
  DescribeEnvironmentResourcesCommandOutput,
  DescribeEnvironmentsCommandInput,
  DescribeEnvironmentsCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { belongingsOfOne } from '../resources/belongings.ts'
import type { Environment } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { describeEnvironment } from './describe.ts'
import { findEnvironment } from './find.ts'
import { pageOf } from './pages.ts'
import type { Service } from './service.ts'

/** A terminated environment stays visible for about an hour. */
const visibleMs = 60 * 60 * 1000

/** An unknown name gives an empty list, not an error. */
export function describeEnvironments({
  context,
}: Service): Action<DescribeEnvironmentsCommandInput, Omit<DescribeEnvironmentsCommandOutput, '$metadata'>> {
  return async (input) => {
    checkParameters(input, [])
    const now = context.clock.now()
    const found = context.store
      .environments()
      .filter((environment) => isAskedFor(environment, input) && isVisible(environment, input, now))
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
    const { items, ...next } = pageOf(found, input.MaxRecords, input.NextToken)
    return { Environments: items.map((environment) => describeEnvironment(context, environment)), ...next }
  }
}

function isAskedFor(environment: Environment, input: DescribeEnvironmentsCommandInput): boolean {
  const { ApplicationName, VersionLabel, EnvironmentIds, EnvironmentNames } = input
  return (
    environment.application === (ApplicationName ?? environment.application) &&
    environment.versionLabel === (VersionLabel ?? environment.versionLabel) &&
    (!EnvironmentIds?.length || EnvironmentIds.includes(environment.id)) &&
    (!EnvironmentNames?.length || EnvironmentNames.includes(environment.name))
  )
}

function isVisible(
  { terminatedAt }: Environment,
  input: DescribeEnvironmentsCommandInput,
  now: Date,
): boolean {
  if (terminatedAt === undefined) return true
  if (input.IncludeDeleted === false) return false
  const since = input.IncludedDeletedBackTo?.getTime() ?? now.getTime() - visibleMs
  return Date.parse(terminatedAt) >= since
}

export function describeEnvironmentResources({
  context,
}: Service): Action<
  DescribeEnvironmentResourcesCommandInput,
  Omit<DescribeEnvironmentResourcesCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    const environment = findEnvironment(context.store, input)
    const { scalingGroup, launchConfiguration, launchTemplate, balancer, alarms, instances } =
      belongingsOfOne(context, environment)
    return {
      EnvironmentResources: {
        EnvironmentName: environment.name,
        AutoScalingGroups: scalingGroup ? [{ Name: scalingGroup.name }] : [],
        Instances: instances.map(({ id }) => ({ Id: id })),
        LaunchConfigurations: launchConfiguration ? [{ Name: launchConfiguration.name }] : [],
        LaunchTemplates: launchTemplate ? [{ Id: launchTemplate.id }] : [],
        LoadBalancers: balancer ? [{ Name: balancer.arn }] : [],
        Triggers: alarms.map(({ name }) => ({ Name: name })),
        Queues: [],
      },
    }
  }
}
