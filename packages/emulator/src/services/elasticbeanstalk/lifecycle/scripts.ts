import { balancerArn, scalingGroupName } from '../actions/describe.ts'
import { storageBucket, type Context } from '../context.ts'
import type { Resource } from '../resources/kinds.ts'
import { alarmName, groupName, listenerArn, policyArn, targetGroupArn } from '../resources/names.ts'
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

const making = (makes: Resource[], after: number, text: string | Line['text']): Line => ({
  ...line(after, text),
  makes,
})

/** Of something that the next line removes. */
const ofGone = (of: Resource, after: number, text: Line['text']): Line => ({ ...line(after, text), of })

const removing = (removes: Resource[], after: number, text: string | Line['text']): Line => ({
  ...line(after, text),
  removes,
})

type Name = (environment: Environment, context: Context) => string

const targetGroup: Name = (environment, context) => targetGroupArn(context, environment)
const listener: Name = (environment, context) => listenerArn(context, environment)
const balancer: Name = (environment, context) => balancerArn(context, environment)
const scalingPolicy =
  (direction: 'Up' | 'Down'): Name =>
  (environment, context) =>
    policyArn(context, environment, direction)

/** `what` with the name after it. */
const named =
  (what: string, name: Name): Line['text'] =>
  (environment, context) =>
    `${what} named: ${name(environment, context)}`

const waitingText = 'Waiting for EC2 instances to launch. This may take a few minutes.'

export const createOpening: readonly Line[] = [
  line(0, 'createEnvironment is starting.'),
  line(
    1,
    (_, context) => `Using ${storageBucket(context)} as Amazon S3 storage bucket for environment data.`,
  ),
]

/** What instances are launched with is made without a word in newer accounts; which of the two it is, settings say. */
const launch: Resource[] = ['launchTemplate', 'launchConfiguration', 'scalingGroup']

export const createSingle: readonly Line[] = [
  making(
    ['securityGroup'],
    27,
    ({ resources }) => `Created security group named: ${resources.securityGroup}`,
  ),
  making(['address'], 15, ({ resources }) => `Created EIP: ${resources.address}`),
  making(launch, 34, waitingText),
]

export const createBalanced: readonly Line[] = [
  making(['targetGroup'], 20, named('Created target group', targetGroup)),
  making(
    ['balancerGroup'],
    1,
    named('Created security group', (environment) =>
      groupName(environment, 'AWSEBLoadBalancerSecurityGroup'),
    ),
  ),
  making(
    ['securityGroup'],
    16,
    named('Created security group', (environment) => groupName(environment, 'AWSEBSecurityGroup')),
  ),
  making(launch, 45, named('Created Auto Scaling group', scalingGroupName)),
  line(34, waitingText),
  making(['policies'], 1, named('Created Auto Scaling group policy', scalingPolicy('Up'))),
  line(0, named('Created Auto Scaling group policy', scalingPolicy('Down'))),
  making(
    ['alarms'],
    15,
    named('Created CloudWatch alarm', (environment) => alarmName(environment, 'High')),
  ),
  line(
    0,
    named('Created CloudWatch alarm', (environment) => alarmName(environment, 'Low')),
  ),
  making(['balancer'], 30, named('Created load balancer', balancer)),
  making(['listener'], 2, named('Created Load Balancer listener', listener)),
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
  removing(['address', ...launch], 122, ({ resources }) => `Deleted EIP: ${resources.address}`),
  removing(
    ['securityGroup'],
    0,
    ({ resources }) => `Deleted security group named: ${resources.securityGroup}`,
  ),
]

export const terminateBalanced: readonly Line[] = [
  ofGone(
    'alarms',
    15,
    named('Deleted CloudWatch alarm', (environment) => alarmName(environment, 'Low')),
  ),
  removing(
    ['alarms'],
    0,
    named('Deleted CloudWatch alarm', (environment) => alarmName(environment, 'High')),
  ),
  removing(['listener'], 1, named('Deleted Load Balancer listener', listener)),
  ofGone('policies', 1, named('Deleted Auto Scaling group policy', scalingPolicy('Down'))),
  removing(['policies'], 0, named('Deleted Auto Scaling group policy', scalingPolicy('Up'))),
  removing(launch, 120, named('Deleted Auto Scaling group', scalingGroupName)),
  removing(['balancer'], 30, named('Deleted load balancer', balancer)),
  removing(['targetGroup'], 15, named('Deleted target group', targetGroup)),
  removing(
    ['securityGroup'],
    15,
    named('Deleted security group', (environment) => groupName(environment, 'AWSEBSecurityGroup')),
  ),
  removing(
    ['balancerGroup'],
    5,
    named('Deleted security group', (environment) =>
      groupName(environment, 'AWSEBLoadBalancerSecurityGroup'),
    ),
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
