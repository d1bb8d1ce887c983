import { ADDRESS_QUOTA } from '../../ec2/world/network.ts'
import { findInstanceType } from '../../ec2/world/instance-types.ts'
import { processorQuota } from '../../servicequotas/quotas.ts'
import type { Context } from '../context.ts'
import type { Ground } from '../ground.ts'
import { isSingleInstance } from '../options/settings.ts'
import type { Environment, Setting } from '../state/model.ts'
import { usesLaunchTemplate, type Resource } from './kinds.ts'
import { groupName } from './names.ts'
import { instanceTypeOf, launchSubnets, placementOf } from './placement.ts'

/** Why a stack isn't built to its end. */
export interface StackProblem {
  resource: Resource
  /** The event that tells it. */
  message: string
}

/** The first resource of the stack that can't be made, or undefined. Texts: facts sheet §2.3 and §2.4; the quota's is EC2's own. */
export function stackProblem(
  { store }: Pick<Context, 'store'>,
  { network, scenario }: Ground,
  environment: Environment,
): StackProblem | undefined {
  const { settings } = environment
  const single = isSingleInstance(settings)
  const placement = placementOf(network, settings)
  if (placement === undefined) {
    const group = groupName(environment, 'AWSEBSecurityGroup')
    return single
      ? {
          resource: 'securityGroup',
          message: `Creating security group named: ${group} failed Reason: No default VPC for this user`,
        }
      : { resource: 'balancer', message: 'Creating load balancer failed Reason: Default VPC not found' }
  }
  if (single && takenAddresses(store.environments(), environment) + network.addresses() >= ADDRESS_QUOTA) {
    return {
      resource: 'address',
      message: 'Creating EIP failed Reason: The maximum number of addresses has been reached.',
    }
  }
  if (!usesLaunchTemplate(settings) && !scenario.launchConfigurations) {
    return { resource: 'launchConfiguration', message: noLaunchConfigurations(environment) }
  }
  const zones = new Set(placement.balancerSubnets.map(({ zone }) => zone))
  if (!single && zones.size < 2) {
    return {
      resource: 'balancer',
      message:
        'Creating load balancer failed Reason: At least two subnets in two different Availability Zones must be specified',
    }
  }
  return undefined
}

function noLaunchConfigurations({ operation }: Environment): string {
  const id = operation?.requestId ?? ''
  return `Creating Auto Scaling launch configuration failed Reason: Resource handler returned message: "The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups. (Service: AutoScaling, Status Code: 400, Request ID: ${id})" (RequestToken: ${id}, HandlerErrorCode: GeneralServiceException)`
}

/** Elastic addresses that the other environments have. */
const takenAddresses = (all: readonly Environment[], { id }: Environment): number =>
  all.filter((one) => one.id !== id && one.status !== 'Terminated' && isSingleInstance(one.settings)).length

/** What the Auto Scaling group's activity says of a launch that comes to nothing; undefined when it succeeds. Texts: facts sheet §2.5, and EC2's own. */
export function launchProblem(
  { store }: Pick<Context, 'store'>,
  { network, scenario }: Ground,
  settings: readonly Setting[],
  count: number,
): string | undefined {
  const name = instanceTypeOf(settings)
  const type = findInstanceType(name)
  if (type === undefined) return failed(`InvalidParameterValue - Invalid value '${name}' for InstanceType.`)
  if (scenario.freePlan && !type.freeTierEligible) {
    return failed(
      "InvalidParameterCombination - The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'.",
    )
  }
  const placement = placementOf(network, settings)
  if (placement !== undefined && launchSubnets(placement, name).length === 0) {
    const zones = [...new Set(placement.subnets.map(({ zone }) => zone))].join(', ')
    return failed(
      `Unsupported - Your requested instance type (${name}) is not supported in your requested Availability Zone (${zones}). Please retry your request by not specifying an Availability Zone.`,
    )
  }
  const limit = processorQuota(scenario)
  if (processorsInUse(store.environments()) + count * type.vcpus > limit) {
    return failed(
      `VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
    )
  }
  return undefined
}

const failed = (reason: string) =>
  `Could not launch On-Demand Instances. ${reason} Launching EC2 instance failed.`

function processorsInUse(environments: readonly Environment[]): number {
  return liveOf(environments)
    .flatMap(({ instances }) => instances)
    .reduce((sum, { type }) => sum + (findInstanceType(type)?.vcpus ?? 0), 0)
}

const liveOf = (environments: readonly Environment[]) =>
  environments.filter(({ status }) => status !== 'Terminated')
