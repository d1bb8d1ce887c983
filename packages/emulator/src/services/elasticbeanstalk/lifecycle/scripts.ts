import { balancerArn, scalingGroupName } from '../actions/describe.ts'
import { storageBucket, type Context } from '../context.ts'
import type { Environment } from '../state/model.ts'
import type { Line } from './story.ts'

/**
 * The event sequences of the real service, with the seconds that it was seen to take. Single instance: recorded in October 2026;
 * Application Load Balancer: March 2025.
 */
const line = (after: number, text: string | Line['text']): Line => ({
  after,
  text: typeof text === 'string' ? () => text : text,
})

const stack = (environment: Environment) => `awseb-${environment.id}-stack`

const targetGroup = (environment: Environment, { region, accountId }: Context) =>
  `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/awseb-AWSEB-${environment.resources.suffix}/${environment.resources.balancer}`

const listener = (environment: Environment, context: Context) =>
  `${balancerArn(context, environment).replace(':loadbalancer/', ':listener/')}/${environment.resources.balancer}`

const scalingPolicy =
  (direction: 'Up' | 'Down') =>
  (environment: Environment, { region, accountId }: Context) =>
    `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${environment.resources.balancer}:autoScalingGroupName/${scalingGroupName(environment)}:policyName/${stack(environment)}-AWSEBAutoScalingScale${direction}Policy-${environment.resources.suffix}`

const alarm = (level: 'High' | 'Low') => (environment: Environment) =>
  `${stack(environment)}-AWSEBCloudwatchAlarm${level}-${environment.resources.suffix}`

const securityGroup = (name: string) => (environment: Environment) =>
  `${stack(environment)}-${name}-${environment.resources.suffix}`

const waiting = line(34, 'Waiting for EC2 instances to launch. This may take a few minutes.')

export const createOpening: readonly Line[] = [
  line(0, 'createEnvironment is starting.'),
  line(
    1,
    (_, context) => `Using ${storageBucket(context)} as Amazon S3 storage bucket for environment data.`,
  ),
]

export const createSingle: readonly Line[] = [
  line(27, ({ resources }) => `Created security group named: ${resources.securityGroup}`),
  line(15, ({ resources }) => `Created EIP: ${resources.address}`),
  waiting,
]

export const createBalanced: readonly Line[] = [
  line(20, (environment, context) => `Created target group named: ${targetGroup(environment, context)}`),
  line(
    1,
    (environment) =>
      `Created security group named: ${securityGroup('AWSEBLoadBalancerSecurityGroup')(environment)}`,
  ),
  line(
    16,
    (environment) => `Created security group named: ${securityGroup('AWSEBSecurityGroup')(environment)}`,
  ),
  line(45, (environment) => `Created Auto Scaling group named: ${scalingGroupName(environment)}`),
  waiting,
  line(
    1,
    (environment, context) =>
      `Created Auto Scaling group policy named: ${scalingPolicy('Up')(environment, context)}`,
  ),
  line(
    0,
    (environment, context) =>
      `Created Auto Scaling group policy named: ${scalingPolicy('Down')(environment, context)}`,
  ),
  line(15, (environment) => `Created CloudWatch alarm named: ${alarm('High')(environment)}`),
  line(0, (environment) => `Created CloudWatch alarm named: ${alarm('Low')(environment)}`),
  line(30, (environment, context) => `Created load balancer named: ${balancerArn(context, environment)}`),
  line(
    2,
    (environment, context) => `Created Load Balancer listener named: ${listener(environment, context)}`,
  ),
]

export const createClosing: readonly Line[] = [
  line(33, ({ port }) => `Application available at 127.0.0.1:${port}.`),
  line(1, ({ name }) => `Successfully launched environment: ${name}`),
]

export const terminateOpening: readonly Line[] = [
  line(0, 'terminateEnvironment is starting.'),
  line(
    1,
    "Validating environment's EC2 instances have termination protection disabled before performing termination.",
  ),
  line(1, "Finished validating environment's EC2 instances for termination protection."),
  line(10, 'Waiting for EC2 instances to terminate. This may take a few minutes.'),
]

export const terminateSingle: readonly Line[] = [
  line(122, ({ resources }) => `Deleted EIP: ${resources.address}`),
  line(0, ({ resources }) => `Deleted security group named: ${resources.securityGroup}`),
]

export const terminateBalanced: readonly Line[] = [
  line(15, (environment) => `Deleted CloudWatch alarm named: ${alarm('Low')(environment)}`),
  line(0, (environment) => `Deleted CloudWatch alarm named: ${alarm('High')(environment)}`),
  line(
    1,
    (environment, context) => `Deleted Load Balancer listener named: ${listener(environment, context)}`,
  ),
  line(
    1,
    (environment, context) =>
      `Deleted Auto Scaling group policy named: ${scalingPolicy('Down')(environment, context)}`,
  ),
  line(
    0,
    (environment, context) =>
      `Deleted Auto Scaling group policy named: ${scalingPolicy('Up')(environment, context)}`,
  ),
  line(120, (environment) => `Deleted Auto Scaling group named: ${scalingGroupName(environment)}`),
  line(30, (environment, context) => `Deleted load balancer named: ${balancerArn(context, environment)}`),
  line(15, (environment, context) => `Deleted target group named: ${targetGroup(environment, context)}`),
  line(
    15,
    (environment) => `Deleted security group named: ${securityGroup('AWSEBSecurityGroup')(environment)}`,
  ),
  line(
    5,
    (environment) =>
      `Deleted security group named: ${securityGroup('AWSEBLoadBalancerSecurityGroup')(environment)}`,
  ),
]

export const terminateClosing: readonly Line[] = [
  line(60, ({ name }) => `Deleting SNS topic for environment ${name}.`),
  line(6, 'terminateEnvironment completed successfully.'),
]

/** Seconds between the events of a deployment on running instances. */
export const deployPace = {
  begin: 6,
  command: 11,
  close: 6,
  configurationBegin: 7,
  configurationClose: 35,
  failedCreate: 62,
}
