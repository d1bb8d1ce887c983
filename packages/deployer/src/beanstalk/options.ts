import type { DeployTarget } from '../config/target.ts'
import { HTTPS_OPTIONS } from './https-options.ts'
import type { OptionSetting } from './option-settings.ts'

/** Names that Beanstalk's own tools use for the instance profile with its role, and for the service role (facts sheet §2.1). */
export const INSTANCE_PROFILE = 'aws-elasticbeanstalk-ec2-role'
export const SERVICE_ROLE = 'aws-elasticbeanstalk-service-role'

/** Deployment policies of `--policy`, by lucree's spelling (facts sheet §5). */
export const POLICIES = {
  'all-at-once': 'AllAtOnce',
  rolling: 'Rolling',
  'rolling-with-additional-batch': 'RollingWithAdditionalBatch',
  immutable: 'Immutable',
  'traffic-splitting': 'TrafficSplitting',
} as const
export type Policy = keyof typeof POLICIES

/** What the account gives a new environment, found or made before it is asked for. */
export interface Ground {
  instanceProfile: string
  serviceRole: string
  instanceType: string
  /** Undefined: Beanstalk uses the default VPC and any of its zones. */
  network: { vpc: string; subnets: string[]; balancerSubnets: string[]; publicAddresses: boolean } | undefined
}

/** What a setting is made from: what is asked for, and what the account gives for it. */
export interface Asked {
  target: DeployTarget
  policy: Policy | undefined
  ground: Ground | undefined
}

/** One setting of an environment that lucree makes: what it is, and why Beanstalk's own default doesn't do. */
export interface EnvironmentOption {
  namespace: string
  name: string
  reason: string
  /** Where in the facts sheet the default and its trouble stand. */
  source: string
  /** Sent to an environment that is there when the project file says otherwise; the other settings are left as they are then. */
  followsProject?: true | ((target: DeployTarget) => boolean)
  /** Undefined: not sent, so Beanstalk's default holds. */
  value: (asked: Asked) => string | undefined
}

const ENVIRONMENT = 'aws:elasticbeanstalk:environment'
const LAUNCH = 'aws:autoscaling:launchconfiguration'
const GROUP = 'aws:autoscaling:asg'
const COMMAND = 'aws:elasticbeanstalk:command'
const REPLACEMENT = 'aws:autoscaling:updatepolicy:rollingupdate'
const VPC = 'aws:ec2:vpc'
const LOGS = 'aws:elasticbeanstalk:cloudwatch:logs'
const MANAGED = 'aws:elasticbeanstalk:managedactions'

const isBalanced = ({ target }: Asked) => target.type === 'load-balanced'
const ifBalanced = (value: string) => (asked: Asked) => (isBalanced(asked) ? value : undefined)
const ifManaged =
  (value: (startTime: string) => string) =>
  ({ target }: Asked) =>
    target.managedUpdates && value(target.managedUpdates)
const joined = (names: string[] | undefined) => names?.join(',') || undefined

/** The policy of a new environment when none is named: behind a load balancer one that loses no request. */
function usualPolicy({ type, minInstances }: DeployTarget): Policy {
  if (type === 'single') return 'all-at-once'
  return minInstances < 2 ? 'rolling-with-additional-batch' : 'rolling'
}

/** Every setting that lucree makes an environment with, in the order in which it is sent. */
export const ENVIRONMENT_OPTIONS: readonly EnvironmentOption[] = [
  {
    ...{ namespace: ENVIRONMENT, name: 'EnvironmentType', source: '§5' },
    reason: 'the default is a load balancer, which costs more than the instance behind it',
    value: (asked) => (isBalanced(asked) ? 'LoadBalanced' : 'SingleInstance'),
  },
  {
    ...{ namespace: ENVIRONMENT, name: 'LoadBalancerType', source: '§0, 4' },
    reason: "the API's default is a classic load balancer, and it can't be changed later",
    value: ifBalanced('application'),
  },
  {
    ...{ namespace: ENVIRONMENT, name: 'ServiceRole', source: '§2.1' },
    reason: 'without it Beanstalk makes a role of its own, and newer regions refuse',
    value: ({ ground }) => ground?.serviceRole,
  },
  {
    ...{ namespace: LAUNCH, name: 'IamInstanceProfile', source: '§0, 2; §2.1' },
    reason: 'a caller of the API gets no instance profile by itself, and no instance starts without one',
    value: ({ ground }) => ground?.instanceProfile ?? INSTANCE_PROFILE,
  },
  {
    ...{ namespace: LAUNCH, name: 'RootVolumeType', source: '§0, 3; §2.3' },
    reason: "with DisableIMDSv1 it forces launch templates: newer accounts can't make launch configurations",
    value: () => 'gp3',
  },
  {
    ...{ namespace: LAUNCH, name: 'DisableIMDSv1', source: '§0, 3; §2.3' },
    reason:
      'with gp3 it forces launch templates, and the older metadata service gives credentials to any request',
    value: () => 'true',
  },
  {
    ...{ namespace: LAUNCH, name: 'RootVolumeSize', source: '§1.7; §6, 31' },
    reason: "8 GB, the default, fill up with Docker's layers",
    value: () => '16',
  },
  {
    ...{ namespace: 'aws:ec2:instances', name: 'InstanceTypes', source: '§0, 1; §2.5' },
    reason: 'the cheapest type that a free-plan account may start and that its zones have',
    followsProject: true,
    value: ({ target, ground }) => target.instanceType ?? ground?.instanceType,
  },
  {
    ...{ namespace: GROUP, name: 'MinSize', source: '§5' },
    reason:
      'the project file says how few instances serve; behind a load balancer two, so that one serves while the other is changed',
    followsProject: ({ minInstancesByDefault }) => minInstancesByDefault !== true,
    value: (asked) => (isBalanced(asked) ? String(asked.target.minInstances) : undefined),
  },
  {
    ...{ namespace: GROUP, name: 'MaxSize', source: '§5' },
    reason: 'the project file says how many instances may cost money',
    followsProject: true,
    value: (asked) => (isBalanced(asked) ? String(asked.target.maxInstances) : undefined),
  },
  {
    ...{ namespace: VPC, name: 'VPCId', source: '§2.4' },
    reason: 'without it Beanstalk takes the default VPC',
    value: ({ ground }) => ground?.network?.vpc,
  },
  {
    ...{ namespace: VPC, name: 'Subnets', source: '§2.4' },
    reason: 'instances go to subnets whose zones have their type and that lead to the internet',
    value: ({ ground }) => joined(ground?.network?.subnets),
  },
  {
    ...{ namespace: VPC, name: 'ELBSubnets', source: '§2.4' },
    reason: 'a load balancer needs subnets in two zones',
    value: (asked) => (isBalanced(asked) ? joined(asked.ground?.network?.balancerSubnets) : undefined),
  },
  {
    ...{ namespace: VPC, name: 'AssociatePublicIpAddress', source: '§2.4; §6.1, 16' },
    reason: "an instance without a public address can't reach Beanstalk through an internet gateway",
    value: ({ ground }) => ground?.network && String(ground.network.publicAddresses),
  },
  {
    ...{ namespace: 'aws:elasticbeanstalk:healthreporting:system', name: 'SystemType', source: '§5' },
    reason: "the API's default is basic, which tells nothing of instances and versions",
    value: () => 'enhanced',
  },
  {
    ...{ namespace: 'aws:elasticbeanstalk:environment:process:default', name: 'HealthCheckPath' },
    ...{ reason: 'an application that guards / is never healthy by it', source: '§6, 29' },
    followsProject: true,
    value: ({ target }) => target.healthCheck,
  },
  {
    ...{ namespace: COMMAND, name: 'DeploymentPolicy', source: '§5' },
    reason:
      'without a load balancer one instance is updated in place; behind one the other half goes on serving, or a second instance where there is one alone',
    value: ({ policy, target }) => POLICIES[policy ?? usualPolicy(target)],
  },
  {
    ...{ namespace: COMMAND, name: 'BatchSizeType', source: '§5' },
    reason: 'a fixed size would be the whole fleet as soon as that is small',
    value: ifBalanced('Percentage'),
  },
  {
    ...{ namespace: COMMAND, name: 'BatchSize', source: '§5' },
    reason: 'with one instance a batch is the whole fleet; with more, half of it goes on serving',
    value: ifBalanced('50'),
  },
  {
    ...{ namespace: REPLACEMENT, name: 'RollingUpdateEnabled', source: '§5' },
    reason: 'without it another instance type replaces all instances at the same time',
    value: ifBalanced('true'),
  },
  {
    ...{ namespace: REPLACEMENT, name: 'RollingUpdateType', source: '§5' },
    reason: 'the default waits for a time, and not for the new instances to be healthy',
    value: ifBalanced('Health'),
  },
  ...HTTPS_OPTIONS,
  {
    ...{ namespace: LOGS, name: 'StreamLogs', source: '§1.8; §5' },
    reason: 'logs outlive the instance that wrote them',
    value: () => 'true',
  },
  {
    ...{ namespace: LOGS, name: 'RetentionInDays', source: '§5' },
    reason: 'what is kept costs money',
    value: () => '7',
  },
  {
    ...{ namespace: LOGS, name: 'DeleteOnTerminate', source: '§5' },
    reason: 'an environment that is terminated leaves nothing behind',
    value: () => 'true',
  },
  {
    ...{ namespace: MANAGED, name: 'ManagedActionsEnabled', source: '§5' },
    reason: 'the platform changes when somebody deploys, unless the project file asks for a weekly time',
    value: ({ target }) => String(target.managedUpdates !== undefined),
  },
  {
    ...{ namespace: MANAGED, name: 'PreferredStartTime', source: '§5' },
    reason: 'the weekly time that the project file names',
    value: ifManaged((startTime) => startTime),
  },
  {
    ...{ namespace: `${MANAGED}:platformupdate`, name: 'UpdateLevel', source: '§5' },
    reason: 'security fixes come with minor versions too',
    value: ifManaged(() => 'minor'),
  },
]

/** The settings of an environment that lucree makes. `ground` is left out where an environment that is there is compared. */
export function environmentSettings(target: DeployTarget, policy?: Policy, ground?: Ground): OptionSetting[] {
  return settingsOf(ENVIRONMENT_OPTIONS, { target, policy, ground })
}

/** Those settings that an environment which is there is brought to: what the project file names and `--policy`. */
export function followedSettings(target: DeployTarget, policy?: Policy): OptionSetting[] {
  const followed = ENVIRONMENT_OPTIONS.filter(({ name, followsProject }) =>
    typeof followsProject === 'function'
      ? followsProject(target)
      : (followsProject ?? (name === 'DeploymentPolicy' && policy !== undefined)),
  )
  return settingsOf(followed, { target, policy, ground: undefined })
}

function settingsOf(options: readonly EnvironmentOption[], asked: Asked): OptionSetting[] {
  return options.flatMap(({ namespace, name, value }) => {
    const given = value(asked)
    return given === undefined ? [] : [{ namespace, name, value: given }]
  })
}
