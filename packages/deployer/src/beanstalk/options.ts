import { propertyValue } from '../config/secret-name.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'

/** An option of a configuration: what the console shows as a setting. */
export interface OptionSetting {
  namespace: string
  name: string
  value: string
}

export type OptionKey = Pick<OptionSetting, 'namespace' | 'name'>

export const PROPERTIES = 'aws:elasticbeanstalk:application:environment'
const ENVIRONMENT = 'aws:elasticbeanstalk:environment'
const LAUNCH = 'aws:autoscaling:launchconfiguration'
const GROUP = 'aws:autoscaling:asg'
const PROCESS = 'aws:elasticbeanstalk:environment:process:default'
const COMMAND = 'aws:elasticbeanstalk:command'

/** Name of the instance profile that Beanstalk's own tools use (facts sheet §2.1). */
export const INSTANCE_PROFILE = 'aws-elasticbeanstalk-ec2-role'

/** Deployment policies of `--policy`, by lucree's spelling (facts sheet §5). */
export const POLICIES = {
  'all-at-once': 'AllAtOnce',
  rolling: 'Rolling',
  'rolling-with-additional-batch': 'RollingWithAdditionalBatch',
  immutable: 'Immutable',
  'traffic-splitting': 'TrafficSplitting',
} as const
export type Policy = keyof typeof POLICIES

/**
 * The settings of an environment that lucree makes, each with the reason why Beanstalk's own default doesn't do. Namespaces, names and defaults:
 * facts sheet §5.
 */
export function environmentSettings(target: DeployTarget, policy?: Policy): OptionSetting[] {
  const balanced = target.type === 'load-balanced'
  return [
    setting(ENVIRONMENT, 'EnvironmentType', balanced ? 'LoadBalanced' : 'SingleInstance'),
    // An API caller gets no instance profile of its own accord: the environment would fail to launch (§2.1).
    setting(LAUNCH, 'IamInstanceProfile', INSTANCE_PROFILE),
    // Together they force launch templates; accounts since October 2024 can't make launch configurations (§2.3).
    setting(LAUNCH, 'RootVolumeType', 'gp3'),
    setting(LAUNCH, 'DisableIMDSv1', 'true'),
    // 8 GB, the default, fill up with Docker's layers (§6, 31).
    setting(LAUNCH, 'RootVolumeSize', '16'),
    // The API's default is basic, which tells nothing of instances and versions (§5).
    setting('aws:elasticbeanstalk:healthreporting:system', 'SystemType', 'enhanced'),
    setting(PROCESS, 'HealthCheckPath', target.healthCheck),
    ...(target.instanceType ? [setting('aws:ec2:instances', 'InstanceTypes', target.instanceType)] : []),
    ...(balanced ? balancedSettings(target) : []),
    setting(COMMAND, 'DeploymentPolicy', POLICIES[policy ?? (balanced ? 'rolling' : 'all-at-once')]),
  ]
}

function balancedSettings(target: DeployTarget): OptionSetting[] {
  return [
    // The API's default is a classic load balancer, and it can't be changed later (§0, 4).
    setting(ENVIRONMENT, 'LoadBalancerType', 'application'),
    setting(GROUP, 'MinSize', String(target.minInstances)),
    setting(GROUP, 'MaxSize', String(target.maxInstances)),
    // With one instance a batch is the whole fleet; with more, half of it goes on serving.
    setting(COMMAND, 'BatchSizeType', 'Percentage'),
    setting(COMMAND, 'BatchSize', '50'),
  ]
}

/** The environment properties among settings, by name. Any of them may be a secret: Beanstalk doesn't tell. */
export function propertiesOf(settings: OptionSetting[]): Map<string, Sensitive> {
  const properties = settings.filter(({ namespace }) => namespace === PROPERTIES)
  return new Map(properties.map(({ name, value }) => [name, propertyValue(name, value)]))
}

export function propertySetting(name: string, value: Sensitive): OptionSetting {
  return setting(PROPERTIES, name, value.reveal())
}

export function propertyKey(name: string): OptionKey {
  return { namespace: PROPERTIES, name }
}

/** The settings of `wanted` that `deployed` hasn't or has with another value. */
export function changedSettings(deployed: OptionSetting[], wanted: OptionSetting[]): OptionSetting[] {
  const values = new Map(deployed.map((option) => [optionId(option), option.value]))
  return wanted.filter((option) => values.get(optionId(option)) !== option.value)
}

export function optionId({ namespace, name }: OptionKey): string {
  return `${namespace}/${name}`
}

function setting(namespace: string, name: string, value: string): OptionSetting {
  return { namespace, name, value }
}
