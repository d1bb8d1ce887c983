import { createHash } from 'node:crypto'
import type { Belongings, OwnedInstance } from '../../belongings.ts'
import type { Subnet } from '../../ec2/world/model.ts'
import { balancerArn, scalingGroupName } from '../actions/describe.ts'
import type { Context } from '../context.ts'
import { checkOf } from '../health/check.ts'
import { instanceDirectories } from '../instance/directories.ts'
import { isSingleInstance, numberOf, valueOf } from '../options/settings.ts'
import type { Environment, Instance } from '../state/model.ts'
import { resourcesFor, type Resource } from './kinds.ts'
import * as names from './names.ts'
import { hasPublicAddress, placementOf, type Placement } from './placement.ts'

/** What the account's environments have in it. */
export const belongingsOf = (context: Context): Belongings[] =>
  context.store
    .environments()
    .filter(({ status }) => status !== 'Terminated')
    .map((environment) => belongingsOfOne(context, environment))

/** What is made of the environment's resources by now. Environments of an earlier version of the emulator don't say: they have all. */
export const madeOf = ({ resources, settings }: Environment): readonly Resource[] =>
  resources.made ?? resourcesFor(settings)

export function belongingsOfOne(context: Context, environment: Environment): Belongings {
  const { network } = context.ground
  const { id, name, settings, createdAt, resources } = environment
  const made = madeOf(environment)
  const has = <T>(resource: Resource, value: () => T) => (made.includes(resource) ? value() : undefined)
  const placement = placementOf(network, settings)
  return {
    environmentId: id,
    environmentName: name,
    vpc: placement?.vpc.id,
    tags: tagsOf(environment),
    groups: groupsOf(environment, made),
    address: has('address', () => ({
      allocation: `eipalloc-${names.digitsOf(environment, 'address')}`,
      association: `eipassoc-${names.digitsOf(environment, 'address')}`,
      ip: resources.address,
      instance: environment.instances.at(-1)?.id,
    })),
    launchTemplate: has('launchTemplate', () => ({
      id: names.launchTemplateId(environment),
      name: names.launchTemplateName(environment),
      createdAt,
    })),
    launchConfiguration: has('launchConfiguration', () => ({
      name: names.launchConfigurationName(environment),
    })),
    scalingGroup: has('scalingGroup', () => scalingGroupOf(context, environment, made)),
    alarms: (has('alarms', () => ['High', 'Low'] as const) ?? []).map((level) => ({
      name: names.alarmName(environment, level),
      arn: `arn:aws:cloudwatch:${context.region}:${context.accountId}:alarm:${names.alarmName(environment, level)}`,
    })),
    targetGroup: has('targetGroup', () => targetGroupOf(context, environment)),
    balancer: has('balancer', () => balancerOf(context, environment, placement)),
    listener: has('listener', () => ({ arn: names.listenerArn(context, environment) })),
    instances: environment.instances.map((instance) => instanceOf(context, environment, instance, placement)),
  }
}

/** The tags that Beanstalk puts on everything (facts sheet §7), and the environment's own. */
function tagsOf({ id, name, tags }: Environment): Belongings['tags'] {
  return [
    { key: 'elasticbeanstalk:environment-name', value: name },
    { key: 'elasticbeanstalk:environment-id', value: id },
    { key: 'Name', value: name },
    ...tags.filter(({ key }) => key !== 'Name'),
  ]
}

/** The instances' group first. */
function groupsOf(environment: Environment, made: readonly Resource[]): Belongings['groups'] {
  const single = isSingleInstance(environment.settings)
  const balancerGroup = names.balancerGroupId(environment)
  const groups = [
    {
      resource: 'securityGroup' as const,
      id: environment.resources.securityGroup,
      name: names.groupName(environment, 'AWSEBSecurityGroup'),
      description: 'VPC Security Group',
      openings: [{ port: 80, from: single ? { cidr: '0.0.0.0/0' } : { group: balancerGroup } }],
    },
    {
      resource: 'balancerGroup' as const,
      id: balancerGroup,
      name: names.groupName(environment, 'AWSEBLoadBalancerSecurityGroup'),
      description:
        'Elastic Beanstalk created security group used when no ELB security groups are specified during ELB creation',
      openings: [{ port: 80, from: { cidr: '0.0.0.0/0' } }],
    },
  ]
  return groups.filter(({ resource }) => made.includes(resource)).map(({ resource: _, ...group }) => group)
}

function scalingGroupOf(
  context: Context,
  environment: Environment,
  made: readonly Resource[],
): Belongings['scalingGroup'] {
  const { settings, instances, resources, createdAt } = environment
  const single = isSingleInstance(settings)
  const size = (option: string) => (single ? 1 : numberOf(settings, 'aws:autoscaling:asg', option))
  const policy = (direction: 'Up' | 'Down') => ({
    name: names.policyName(environment, direction),
    arn: names.policyArn(context, environment, direction),
    adjustment: direction === 'Up' ? 1 : -1,
  })
  return {
    name: scalingGroupName(environment),
    arn: names.scalingGroupArn(context, environment),
    min: size('MinSize'),
    max: size('MaxSize'),
    desired: Math.max(instances.length, size('MinSize')),
    createdAt,
    failures: resources.failedLaunches ?? [],
    policies: made.includes('policies') ? [policy('Up'), policy('Down')] : [],
  }
}

function targetGroupOf(context: Context, environment: Environment): Belongings['targetGroup'] {
  const { settings } = environment
  const process = (option: string) =>
    valueOf(settings, 'aws:elasticbeanstalk:environment:process:default', option)
  const check = checkOf(settings)
  return {
    name: names.targetGroupName(environment),
    arn: names.targetGroupArn(context, environment),
    port: Number(process('Port')),
    check: {
      path: check.path ?? '/',
      matcher: process('MatcherHTTPCode'),
      intervalSeconds: check.interval,
      timeoutSeconds: check.timeoutMs / 1000,
      healthyCount: check.healthyCount,
      unhealthyCount: check.unhealthyCount,
    },
  }
}

function balancerOf(
  context: Context,
  environment: Environment,
  placement: Placement | undefined,
): Belongings['balancer'] {
  const internal = valueOf(environment.settings, 'aws:ec2:vpc', 'ELBScheme') === 'internal'
  return {
    name: names.balancerName(environment),
    arn: balancerArn(context, environment),
    dnsName: `127.0.0.1:${environment.port}`,
    scheme: internal ? 'internal' : 'internet-facing',
    createdAt: environment.createdAt,
    zones: (placement?.balancerSubnets ?? []).map(({ id, zone }) => ({ zone, subnet: id })),
  }
}

function instanceOf(
  context: Context,
  environment: Environment,
  instance: Instance,
  placement: Placement | undefined,
): OwnedInstance {
  const { id, type, zone, launchedAt, inService, launch } = instance
  const subnet = placement?.subnets.find((one) => one.zone === zone)
  const single = isSingleInstance(environment.settings)
  const isPublic = subnet !== undefined && hasPublicAddress(environment.settings, subnet)
  const directories = instanceDirectories(context.instancesDir, id)
  return {
    ...{ id, type, zone, launchedAt, inService, subnet: subnet?.id },
    privateIp: privateIpOf(subnet, id),
    publicIp: single ? environment.resources.address : isPublic ? publicIpOf(id) : undefined,
    healthy: healthOf(context, environment, instance),
    logFiles: {
      'eb-engine.log': directories.engineLog,
      'nginx/access.log': directories.accessLog,
      'nginx/error.log': directories.errorLog,
      ...(launch ? { 'eb-docker/containers/eb-current-app/stdouterr.log': launch.outputFile } : {}),
    },
  }
}

/** What the last checks said; undefined before their verdict is in. */
function healthOf({ monitor }: Context, environment: Environment, instance: Instance): boolean | undefined {
  if (monitor.passes(environment.id, instance)) return true
  const judged = monitor.instances(environment.id).find(({ id }) => id === instance.id)
  return judged?.status === 'Severe' ? false : undefined
}

const byteOf = (text: string, index: number) => createHash('sha256').update(text).digest()[index]!

/** An address of the subnet that stays the instance's. */
function privateIpOf(subnet: Subnet | undefined, id: string): string {
  const [a, b, c] = (subnet?.cidr ?? '172.31.0.0/20').split('.')
  return `${a}.${b}.${Number(c) + (byteOf(id, 0) % 16)}.${4 + (byteOf(id, 1) % 250)}`
}

/** Of a block that is reserved for documentation (RFC 5737). */
const publicIpOf = (id: string) => `198.51.100.${10 + (byteOf(id, 2) % 240)}`
