import { isDeepStrictEqual } from 'node:util'
import type { Network } from '../../ec2/world/network.ts'
import { invalidConfiguration } from '../errors.ts'
import { listOf } from '../resources/placement.ts'
import type { Setting } from '../state/model.ts'
import { isSingleInstance, valueOf } from './settings.ts'
import type { Problem } from './validate.ts'

const vpcOptions = 'aws:ec2:vpc'

/**
 * What is wrong with the network that settings name: a VPC or subnet that isn't there, subnets of another VPC, no subnets for a load balancer,
 * a VPC for an environment that is outside of it. Texts of the last two: seen; the others follow the service's "The security group '…' does not exist".
 */
export function networkProblems(
  network: Network,
  settings: readonly Setting[],
  before: readonly Setting[] | undefined,
): Problem[] {
  if (before !== undefined && isDeepStrictEqual(inVpc(settings), inVpc(before))) return []
  const vpc = valueOf(settings, vpcOptions, 'VPCId')
  const former = before === undefined ? undefined : valueOf(before, vpcOptions, 'VPCId')
  if (former !== undefined && former !== vpc)
    return [
      error('VPCId', 'You cannot migrate an environment to a VPC. Launch a new environment in the VPC.'),
    ]
  if (vpc !== '' && !network.vpc(vpc)) return [invalid('VPCId', vpc, `The VPC '${vpc}' does not exist`)]
  const subnets = ['Subnets', 'ELBSubnets'].flatMap((option) =>
    listOf(settings, option).flatMap((id) => subnetProblem(network, option, id, vpc)),
  )
  const lacksSubnets = vpc !== '' && !isSingleInstance(settings) && listOf(settings, 'Subnets').length === 0
  const type = valueOf(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerType')
  return lacksSubnets
    ? [
        ...subnets,
        invalid('Subnets', 'null', `Specify the subnets for the VPC for load balancer type ${type}.`),
      ]
    : subnets
}

/** The settings, once their network is known to be there. Throws ConfigurationValidationException with the first thing that is wrong. */
export function onNetwork(
  network: Network,
  settings: Setting[],
  before: readonly Setting[] | undefined,
): Setting[] {
  const [problem] = networkProblems(network, settings, before)
  if (problem !== undefined) throw invalidConfiguration(problem.message)
  return settings
}

const inVpc = (settings: readonly Setting[]): string[] =>
  settings
    .filter(({ namespace }) => namespace === vpcOptions)
    .map(({ name, value }) => `${name}=${value}`)
    .sort()

function subnetProblem(network: Network, option: string, id: string, vpc: string): Problem[] {
  const subnet = network.subnet(id)
  if (subnet === undefined) return [invalid(option, id, `The subnet '${id}' does not exist`)]
  const home = vpc === '' ? network.defaultVpc()?.id : vpc
  return subnet.vpc === home
    ? []
    : [invalid(option, id, `The subnet '${id}' does not belong to the VPC '${home ?? 'null'}'`)]
}

const error = (name: string, message: string): Problem => ({
  severity: 'error',
  namespace: vpcOptions,
  name,
  message,
})

const invalid = (name: string, value: string, reason: string): Problem =>
  error(
    name,
    `Invalid option value: '${value}' (Namespace: '${vpcOptions}', OptionName: '${name}'): ${reason}`,
  )
