import { isSingleInstance, valueOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'

/** What CloudFormation makes for an environment, each by the name that its stack knows it by (facts sheet §2.4, §3.4). */
export const logicalIds = {
  securityGroup: 'AWSEBSecurityGroup',
  balancerGroup: 'AWSEBLoadBalancerSecurityGroup',
  address: 'AWSEBEIP',
  launchTemplate: 'AWSEBEC2LaunchTemplate',
  launchConfiguration: 'AWSEBAutoScalingLaunchConfiguration',
  scalingGroup: 'AWSEBAutoScalingGroup',
  policies: 'AWSEBAutoScalingScaleUpPolicy',
  alarms: 'AWSEBCloudwatchAlarmHigh',
  targetGroup: 'AWSEBV2LoadBalancerTargetGroup',
  balancer: 'AWSEBV2LoadBalancer',
  listener: 'AWSEBV2LoadBalancerListener',
} as const

export type Resource = keyof typeof logicalIds

export const resourceNames = Object.keys(logicalIds) as [Resource, ...Resource[]]

/** What an environment with these settings has when all of it is made. */
export function resourcesFor(settings: readonly Setting[]): Resource[] {
  const launch: Resource[] = [
    usesLaunchTemplate(settings) ? 'launchTemplate' : 'launchConfiguration',
    'scalingGroup',
  ]
  if (isSingleInstance(settings)) return ['securityGroup', 'address', ...launch]
  return [
    ...(['targetGroup', 'balancerGroup', 'securityGroup'] as const),
    ...launch,
    ...(['policies', 'alarms', 'balancer', 'listener'] as const),
  ]
}

/**
 * Whether instances are launched from a template: gp3 as root volume or among the block devices, IMDSv2 alone, or Spot. IMDSv2 alone is the
 * platform's default by now (facts sheet §2.3).
 */
export function usesLaunchTemplate(settings: readonly Setting[]): boolean {
  const launch = (name: string) =>
    valueOf(settings, 'aws:autoscaling:launchconfiguration', name).toLowerCase()
  return (
    launch('RootVolumeType') === 'gp3' ||
    launch('BlockDeviceMappings').includes('gp3') ||
    launch('DisableIMDSv1') === 'true' ||
    valueOf(settings, 'aws:ec2:instances', 'EnableSpot').toLowerCase() === 'true'
  )
}
