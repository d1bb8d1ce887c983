import type { Network } from '../../ec2/world/network.ts'
import type { Subnet, Vpc } from '../../ec2/world/model.ts'
import { isOffered } from '../../ec2/world/instance-types.ts'
import { isSingleInstance, valueOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'

/** Where an environment is in the account's network. */
export interface Placement {
  vpc: Vpc
  /** Of the instances, by zone. */
  subnets: Subnet[]
  balancerSubnets: Subnet[]
}

/** Undefined when the settings name no VPC and the account has no default one, or when the VPC that they name is gone. */
export function placementOf(network: Network, settings: readonly Setting[]): Placement | undefined {
  const asked = valueOf(settings, 'aws:ec2:vpc', 'VPCId')
  const vpc = asked === '' ? network.defaultVpc() : network.vpc(asked)
  if (vpc === undefined) return undefined
  const all = network.subnetsOf(vpc.id)
  const named = (option: string) => {
    const ids = listOf(settings, option)
    return ids.length === 0 ? undefined : all.filter(({ id }) => ids.includes(id))
  }
  const subnets = named('Subnets') ?? all
  return { vpc, subnets, balancerSubnets: named('ELBSubnets') ?? subnets }
}

/** The ids that an option of `aws:ec2:vpc` lists. */
export const listOf = (settings: readonly Setting[], option: string): string[] =>
  valueOf(settings, 'aws:ec2:vpc', option)
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')

/** The type that instances are launched as: the first of those that are named. */
export function instanceTypeOf(settings: readonly Setting[]): string {
  const older = valueOf(settings, 'aws:autoscaling:launchconfiguration', 'InstanceType')
  const isSet = settings.some(
    ({ namespace, name }) => namespace === 'aws:ec2:instances' && name === 'InstanceTypes',
  )
  if (older !== '' && !isSet) return older
  return valueOf(settings, 'aws:ec2:instances', 'InstanceTypes').split(',')[0]!.trim()
}

/** The subnets that instances can be launched in: their zone has the type. */
export const launchSubnets = (placement: Placement, type: string): Subnet[] =>
  placement.subnets.filter(({ zone }) => isOffered(type, zone))

/** An instance of a single-instance environment has the environment's elastic address; others get one as the option or their subnet says. */
export function hasPublicAddress(settings: readonly Setting[], subnet: Subnet): boolean {
  if (isSingleInstance(settings)) return true
  const asked = valueOf(settings, 'aws:ec2:vpc', 'AssociatePublicIpAddress').toLowerCase()
  return asked === '' ? subnet.publicAddresses : asked === 'true'
}
