import type { Need } from '../../authorization/authorize.ts'
import type { RequestContext } from '../../authorization/conditions.ts'

/** An environment and where it is, as far as the rights to it go; a star stands for a name that isn't known before it is made. */
export interface Place {
  region: string
  accountId: string
  id: string
  name: string
  /** The account's storage location. */
  bucket: string
  balanced: boolean
  streamsLogs: boolean
  /** A service role was named, so that Beanstalk needs none of its own. */
  ownServiceRole: boolean
}

/** A row of the tables below: actions of one service, the resource that they are about, and the condition keys that they carry. */
type Row = [service: string, actions: string, resource: string, context?: RequestContext]

const rows = (table: Row[]): Need[] =>
  table.flatMap(([service, actions, resource, context]) =>
    actions.split(' ').map((action) => ({
      action: `${service}:${action}`,
      resource,
      onBehalf: true,
      // an environment's resources are made by CloudFormation, which Beanstalk asks for them
      context: { 'aws:CalledVia': ['cloudformation.amazonaws.com'], ...context },
    })),
  )

const arns = ({ region, accountId, id, name }: Place) => {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`
  const stack = `awseb-${id}-stack`
  return {
    stack: arn('cloudformation', `stack/${stack}/*`),
    group: arn('autoscaling', `autoScalingGroup:*:autoScalingGroupName/${stack}-AWSEBAutoScalingGroup-*`),
    balancer: arn('elasticloadbalancing', 'loadbalancer/app/awseb-*/*'),
    targets: arn('elasticloadbalancing', 'targetgroup/awseb-*/*'),
    listener: arn('elasticloadbalancing', 'listener/app/awseb-*/*/*'),
    instance: arn('ec2', 'instance/*'),
    template: arn('ec2', 'launch-template/*'),
    logs: arn('logs', `log-group:/aws/elasticbeanstalk/${name}/*`),
    topic: arn('sns', `ElasticBeanstalkNotifications-Environment-${name}`),
    alarm: arn('cloudwatch', `alarm:${stack}-*`),
  }
}

/**
 * What Beanstalk does with the caller's rights. Sources: the errors that callers met (facts sheet §2.2, §2.3), the resources that the events
 * of a launch and of a termination name (§3.4 A, B, J), and the actions that AWS's own AdministratorAccess-AWSElasticBeanstalk allows for
 * them (§2.7); which of them is asked first is not known [?].
 */
export function CREATE(place: Place): Need[] {
  const at = arns(place)
  return rows([
    // §2.2: "Access Denied: S3Bucket=elasticbeanstalk-platform-assets-<region>, S3Key=stalks/…/packs/….pack"
    ['s3', 'GetObject', `arn:aws:s3:::elasticbeanstalk-platform-assets-${place.region}/stalks/docker.pack`],
    ['s3', 'PutObject GetObject', `arn:aws:s3:::${place.bucket}/resources/environments/*`],
    ['cloudformation', 'CreateStack DescribeStacks DescribeStackResources DescribeStackEvents', at.stack],
    ['ec2', 'DescribeVpcs DescribeSubnets DescribeImages DescribeKeyPairs DescribeSecurityGroups', '*'],
    // §2.3: instances come from a launch template
    ['ec2', 'CreateLaunchTemplate CreateLaunchTemplateVersion DescribeLaunchTemplates', '*'],
    ['ec2', 'DescribeLaunchTemplateVersions', '*'],
    ['ec2', 'RunInstances', '*', { 'ec2:LaunchTemplate': at.template }],
    // §3.4 A, B: "Created security group named"
    ['ec2', 'CreateSecurityGroup AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress', '*'],
    ['autoscaling', 'CreateAutoScalingGroup UpdateAutoScalingGroup', at.group],
    ['autoscaling', 'DescribeAutoScalingGroups DescribeScalingActivities', '*'],
    ['sns', 'CreateTopic', at.topic],
    ...(place.balanced ? balancedCreate(at) : singleCreate()),
    ...logs(place, at),
  ])
}

/** §3.4 A: "Created EIP". */
const singleCreate = (): Row[] => [['ec2', 'AllocateAddress AssociateAddress DescribeAddresses', '*']]

/** §3.4 B: target group, listener, scaling policies and alarms. */
const balancedCreate = (at: ReturnType<typeof arns>): Row[] => [
  ['elasticloadbalancing', 'CreateLoadBalancer', at.balancer],
  ['elasticloadbalancing', 'CreateTargetGroup', at.targets],
  ['elasticloadbalancing', 'CreateListener', at.balancer],
  ['elasticloadbalancing', 'DescribeLoadBalancers DescribeTargetGroups DescribeListeners', '*'],
  ['autoscaling', 'PutScalingPolicy', at.group],
  ['cloudwatch', 'PutMetricAlarm', at.alarm],
]

const logs = ({ streamsLogs }: Place, at: ReturnType<typeof arns>): Row[] =>
  streamsLogs ? [['logs', 'CreateLogGroup PutRetentionPolicy', at.logs]] : []

/** A change of settings is a change of the stack; the launch template gets a new version. */
export function CHANGE(place: Place): Need[] {
  const at = arns(place)
  return rows([
    ['cloudformation', 'UpdateStack DescribeStacks GetTemplate', at.stack],
    ['ec2', 'CreateLaunchTemplateVersion DescribeLaunchTemplates', '*'],
    ['autoscaling', 'UpdateAutoScalingGroup', at.group],
    ['autoscaling', 'DescribeAutoScalingGroups', '*'],
    ...logs(place, at),
  ])
}

/** §3.4 J: what the events of a termination name. */
export function TERMINATE(place: Place): Need[] {
  const at = arns(place)
  const stackId = at.stack.replace('/*', '/id')
  return rows([
    ['cloudformation', 'DeleteStack DescribeStacks', at.stack],
    ['autoscaling', 'UpdateAutoScalingGroup DeleteAutoScalingGroup', at.group],
    ['ec2', 'DescribeInstances DescribeInstanceAttribute', '*'],
    ['ec2', 'TerminateInstances', at.instance, { 'ec2:ResourceTag/aws:cloudformation:stack-id': stackId }],
    ['ec2', 'DeleteSecurityGroup DeleteLaunchTemplate', '*'],
    ['sns', 'DeleteTopic', at.topic],
    ...(place.balanced
      ? ([
          ['elasticloadbalancing', 'DeleteLoadBalancer', at.balancer],
          ['elasticloadbalancing', 'DeleteListener', at.listener],
          ['elasticloadbalancing', 'DeleteTargetGroup', at.targets],
          ['cloudwatch', 'DeleteAlarms', at.alarm],
        ] satisfies Row[])
      : ([['ec2', 'DisassociateAddress ReleaseAddress', '*']] satisfies Row[])),
  ])
}

/** §2.2, §2.6: Beanstalk's bucket is made, closed to ACLs and guarded by a policy. */
export const STORAGE = (bucket: string): Need[] =>
  rows([
    [
      's3',
      'CreateBucket PutBucketOwnershipControls PutBucketPolicy GetBucketPolicy',
      `arn:aws:s3:::${bucket}`,
    ],
  ]).map((need) => ({ ...need, context: {} }))
