import * as sdk from '@aws-sdk/client-auto-scaling'
import { createHash } from 'node:crypto'
import { operationSchemas } from '../../protocol/schema.ts'
import type { Belongings, OwnedScalingGroup } from '../belongings.ts'
import type { HostedService } from '../hosted.ts'
import { ServiceError, type Action, type QueryService } from '../service.ts'

type Owner = Belongings & { scalingGroup: OwnedScalingGroup }

/** Auto Scaling, to look at: the groups are the environments' and change with them. */
export function createAutoScaling(
  belongings: () => Belongings[],
): QueryService & Pick<HostedService, 'inventory'> {
  const owners = () => belongings().filter((one): one is Owner => one.scalingGroup !== undefined)
  return {
    signingName: 'autoscaling',
    apiVersion: '2011-01-01',
    xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    schemas: operationSchemas(sdk),
    actions: {
      DescribeAutoScalingGroups: describeAutoScalingGroups(owners),
      DescribeScalingActivities: describeScalingActivities(owners),
      DescribePolicies: describePolicies(owners),
    },
    inventory: () =>
      owners().flatMap(({ scalingGroup }) => [
        scalingGroup.arn,
        ...scalingGroup.policies.map(({ arn }) => arn),
      ]),
  }
}

function describeAutoScalingGroups(
  owners: () => Owner[],
): Action<sdk.AutoScalingGroupNamesType, sdk.AutoScalingGroupsType> {
  return async ({ AutoScalingGroupNames, Filters, MaxRecords, NextToken }) => {
    const found = owners()
      .filter(
        ({ scalingGroup: { name } }) =>
          !AutoScalingGroupNames?.length || AutoScalingGroupNames.includes(name),
      )
      .filter((owner) => (Filters ?? []).every((filter) => passes(owner, filter)))
    const { items, next } = pageOf(found, MaxRecords, NextToken)
    return { AutoScalingGroups: items.map(describe), NextToken: next }
  }
}

/** Of the service's filters those on tags: `tag:<key>`, `tag-key`, `tag-value`. */
function passes({ tags }: Owner, { Name = '', Values = [] }: sdk.Filter): boolean {
  if (Name.startsWith('tag:'))
    return tags.some(({ key, value }) => key === Name.slice(4) && Values.includes(value))
  if (Name === 'tag-key') return tags.some(({ key }) => Values.includes(key))
  if (Name === 'tag-value') return tags.some(({ value }) => Values.includes(value))
  throw new ServiceError(
    'ValidationError',
    `Filter type ${Name} is not correct. Allowed filter types are: tag-key tag-value tag:<key>`,
  )
}

function describe(owner: Owner): sdk.AutoScalingGroup {
  const { scalingGroup: group, instances, launchTemplate, launchConfiguration, targetGroup } = owner
  const template = launchTemplate && {
    LaunchTemplate: {
      LaunchTemplateId: launchTemplate.id,
      LaunchTemplateName: launchTemplate.name,
      Version: '1',
    },
  }
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: 360,
    HealthCheckType: 'EC2',
    HealthCheckGracePeriod: 0,
    CreatedTime: new Date(group.createdAt),
    AvailabilityZones: [...new Set(instances.map(({ zone }) => zone))],
    VPCZoneIdentifier: [...new Set(instances.flatMap(({ subnet }) => subnet ?? []))].join(','),
    TargetGroupARNs: targetGroup ? [targetGroup.arn] : [],
    LoadBalancerNames: [],
    ...template,
    ...(launchConfiguration && { LaunchConfigurationName: launchConfiguration.name }),
    Instances: instances.map((instance) => ({
      InstanceId: instance.id,
      InstanceType: instance.type,
      AvailabilityZone: instance.zone,
      LifecycleState: 'InService',
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: false,
      ...template,
    })),
    Tags: owner.tags.map(({ key, value }) => ({
      Key: key,
      Value: value,
      ResourceId: group.name,
      ResourceType: 'auto-scaling-group',
      PropagateAtLaunch: true,
    })),
  }
}

/** Newest first: what came to nothing with its reason, and the launches of the instances that are there. */
function describeScalingActivities(
  owners: () => Owner[],
): Action<sdk.DescribeScalingActivitiesType, sdk.ActivitiesType> {
  return async ({ AutoScalingGroupName, MaxRecords, NextToken }) => {
    const found = owners().filter(({ scalingGroup: { name } }) => name === (AutoScalingGroupName ?? name))
    if (AutoScalingGroupName !== undefined && found.length === 0) {
      throw new ServiceError(
        'ValidationError',
        `AutoScalingGroup name not found - AutoScalingGroup ${AutoScalingGroupName} not found`,
      )
    }
    const activities = found
      .flatMap((owner) => [...launches(owner), ...failures(owner)])
      .sort((a, b) => b.StartTime!.getTime() - a.StartTime!.getTime())
    const { items, next } = pageOf(activities, MaxRecords ?? 100, NextToken)
    return { Activities: items, NextToken: next }
  }
}

const launches = ({ scalingGroup: group, instances }: Owner): sdk.Activity[] =>
  instances.map(({ id, launchedAt, zone }) => ({
    ...activity(group, id, launchedAt),
    Description: `Launching a new EC2 instance: ${id}`,
    Details: JSON.stringify({ 'Availability Zone': zone }),
    EndTime: new Date(launchedAt),
    Progress: 100,
    StatusCode: 'Successful',
  }))

const failures = ({ scalingGroup: group }: Owner): sdk.Activity[] =>
  group.failures.map(({ at, message }, index) => ({
    ...activity(group, `${index} ${at}`, at),
    Description: `Launching a new EC2 instance.  Status Reason: ${message}`,
    EndTime: new Date(at),
    Progress: 100,
    StatusCode: 'Failed',
    StatusMessage: message,
  }))

function activity(group: OwnedScalingGroup, seed: string, at: string): sdk.Activity {
  const hash = createHash('sha256').update(`${group.arn} ${seed}`).digest('hex')
  return {
    ActivityId: hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    Cause: `At ${at.replace(/\.\d+/, '')} a user request update of AutoScalingGroup constraints to min: ${group.min}, max: ${group.max}, desired: ${group.desired} changing the desired capacity from 0 to ${group.desired}.`,
    StartTime: new Date(at),
    StatusCode: undefined,
  }
}

function describePolicies(owners: () => Owner[]): Action<sdk.DescribePoliciesType, sdk.PoliciesType> {
  return async ({ AutoScalingGroupName, PolicyNames, MaxRecords, NextToken }) => {
    const found = owners()
      .map(({ scalingGroup }) => scalingGroup)
      .filter(({ name }) => name === (AutoScalingGroupName ?? name))
      .flatMap((group) => group.policies.map((policy) => ({ group, policy })))
      .filter(
        ({ policy: { name, arn } }) =>
          !PolicyNames?.length || PolicyNames.includes(name) || PolicyNames.includes(arn),
      )
    const { items, next } = pageOf(found, MaxRecords, NextToken)
    return {
      ScalingPolicies: items.map(({ group, policy }) => ({
        AutoScalingGroupName: group.name,
        PolicyName: policy.name,
        PolicyARN: policy.arn,
        PolicyType: 'SimpleScaling',
        AdjustmentType: 'ChangeInCapacity',
        ScalingAdjustment: policy.adjustment,
        Enabled: true,
      })),
      NextToken: next,
    }
  }
}

/** The token is where the next page begins. */
function pageOf<T>(items: readonly T[], limit: number | undefined, token: string | undefined) {
  const start = token === undefined ? 0 : Number(token)
  if (!Number.isInteger(start) || start < 0)
    throw new ServiceError('InvalidNextToken', 'The NextToken is invalid.')
  const end = start + (limit ?? 50)
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined }
}
