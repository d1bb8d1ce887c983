import { createHash } from 'node:crypto'
import { balancerArn, scalingGroupName } from '../actions/describe.ts'
import type { Context } from '../context.ts'
import type { Environment } from '../state/model.ts'

type Place = Pick<Context, 'region' | 'accountId'>

/** The CloudFormation stack that holds what an environment has. */
export const stackName = (environment: Pick<Environment, 'id'>) => `awseb-${environment.id}-stack`

/** Seventeen hexadecimal digits that belong to the environment and to nothing else of it but `what`. */
export const digitsOf = ({ id, resources }: Environment, what: string): string =>
  createHash('sha256').update(`${id} ${resources.suffix} ${what}`).digest('hex').slice(0, 17)

export const targetGroupName = ({ resources }: Environment) => `awseb-AWSEB-${resources.suffix}`

export const targetGroupArn = ({ region, accountId }: Place, environment: Environment) =>
  `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${targetGroupName(environment)}/${environment.resources.balancer}`

export const balancerName = ({ resources }: Environment) => `awseb--AWSEB-${resources.suffix}`

export const listenerArn = (place: Place, environment: Environment) =>
  `${balancerArn(place, environment).replace(':loadbalancer/', ':listener/')}/${environment.resources.balancer}`

export const scalingGroupArn = ({ region, accountId }: Place, environment: Environment) =>
  `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:${environment.resources.balancer}:autoScalingGroupName/${scalingGroupName(environment)}`

export const policyName = (environment: Environment, direction: 'Up' | 'Down') =>
  `${stackName(environment)}-AWSEBAutoScalingScale${direction}Policy-${environment.resources.suffix}`

export const policyArn = ({ region, accountId }: Place, environment: Environment, direction: 'Up' | 'Down') =>
  `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${environment.resources.balancer}:autoScalingGroupName/${scalingGroupName(environment)}:policyName/${policyName(environment, direction)}`

export const alarmName = (environment: Environment, level: 'High' | 'Low') =>
  `${stackName(environment)}-AWSEBCloudwatchAlarm${level}-${environment.resources.suffix}`

/** The name that a security group of the environment has beside its id. */
export const groupName = (
  environment: Environment,
  logical: 'AWSEBSecurityGroup' | 'AWSEBLoadBalancerSecurityGroup',
) => `${stackName(environment)}-${logical}-${environment.resources.suffix}`

export const balancerGroupId = (environment: Environment) => `sg-${digitsOf(environment, 'load balancer')}`

export const launchTemplateId = ({ resources }: Environment) => `lt-${resources.securityGroup.slice(3)}`

export const launchTemplateName = (environment: Environment) =>
  `${stackName(environment)}-AWSEBEC2LaunchTemplate-${environment.resources.suffix}`

export const launchConfigurationName = (environment: Environment) =>
  `${stackName(environment)}-AWSEBAutoScalingLaunchConfiguration-${environment.resources.suffix}`
