import type { NetworkChoice } from '../config/target.ts'
import type { Check, CheckResult } from './checks/check.ts'
import type { AccountContext } from './context.ts'
import { type WayOut, wayOutOf } from './internet.ts'
import { placeProblem } from './network-problems.ts'
import type { Network, RouteTableDescription, SubnetDescription } from './ports.ts'

/** A subnet with how it reaches the internet. */
export interface SubnetSeen extends SubnetDescription {
  wayOut: WayOut
}

/** The network that a new environment is put into. */
export interface Place {
  vpc: string
  isDefault: boolean
  /** Of the instances. */
  subnets: SubnetSeen[]
  /** Of the load balancer. */
  balancerSubnets: SubnetSeen[]
}

export interface NetworkSeen {
  /** Undefined when the default VPC isn't there, or when what was named isn't. */
  place: Place | undefined
  results: CheckResult[]
}

/** Looks at the default VPC, or at the one that the project file names; changes nothing. */
export async function lookAtNetwork(context: AccountContext, signal: AbortSignal): Promise<NetworkSeen> {
  const { target, cloud } = context
  return target.network
    ? lookAtChoice(target.network, context, signal)
    : lookAtDefault(cloud.network, context, signal)
}

export const networkCheck: Check<AccountContext> = {
  name: 'network',
  run: async (context, signal) => (await lookAtNetwork(context, signal)).results,
}

async function lookAtDefault(
  network: Network,
  context: AccountContext,
  signal: AbortSignal,
): Promise<NetworkSeen> {
  const [vpc] = await network.describeVpcs({ isDefault: true }, signal)
  if (!vpc) return { place: undefined, results: [noDefaultVpc(context)] }
  const [subnets, tables] = await Promise.all([
    network.describeSubnets({ vpc: vpc.id }, signal),
    network.describeRouteTables(vpc.id, signal),
  ])
  const seen = subnets.map(withWayOut(tables))
  const place = { vpc: vpc.id, isDefault: true, subnets: seen, balancerSubnets: seen }
  return { place, results: [placeProblem(place, context) ?? ok(place)] }
}

async function lookAtChoice(
  choice: NetworkChoice,
  context: AccountContext,
  signal: AbortSignal,
): Promise<NetworkSeen> {
  const { network } = context.cloud
  const ids = [...new Set([...choice.subnets, ...choice.balancerSubnets])]
  const [[vpc], subnets, tables] = await Promise.all([
    network.describeVpcs({ ids: [choice.vpc] }, signal),
    network.describeSubnets({ ids }, signal),
    network.describeRouteTables(choice.vpc, signal),
  ])
  const problem = vpc ? unusable(choice, ids, subnets, context) : unknownVpc(choice.vpc, context)
  if (problem) return { place: undefined, results: [problem] }
  const among = (names: string[]) => subnets.filter(({ id }) => names.includes(id)).map(withWayOut(tables))
  const place = {
    vpc: choice.vpc,
    isDefault: vpc?.isDefault ?? false,
    subnets: among(choice.subnets),
    balancerSubnets: among(choice.balancerSubnets),
  }
  return { place, results: [placeProblem(place, context) ?? ok(place)] }
}

function withWayOut(tables: RouteTableDescription[]) {
  return (subnet: SubnetDescription): SubnetSeen => ({ ...subnet, wayOut: wayOutOf(subnet, tables) })
}

function noDefaultVpc({ target, makesDefaultVpc }: AccountContext): CheckResult {
  const name = 'network'
  if (makesDefaultVpc) {
    return { name, state: 'ok', found: `${target.region} has no default VPC; a deploy makes it`, mend: [] }
  }
  return {
    ...{ name, state: 'failed', code: 'LUC-ACCOUNT-NO-VPC' },
    found: `There is no default VPC in ${target.region}`,
    why: 'an environment needs a network, and lucree.json names none',
    mend: [
      'lucree deploy --create-default-vpc   # costs nothing',
      'name one in lucree.json: "vpc": "vpc-…", "subnets": ["subnet-…"].',
      'use another region: --region',
    ],
  }
}

function unknownVpc(vpc: string, { target: { region } }: AccountContext): CheckResult {
  return {
    ...{ name: 'network', state: 'failed', code: 'LUC-ACCOUNT-VPC-UNKNOWN' },
    found: `There is no ${vpc} in ${region}`,
    why: 'lucree.json names it, and this account has none of this id in that region',
    mend: [`aws ec2 describe-vpcs --region ${region}   # those that are there`],
  }
}

function unusable(
  { vpc }: NetworkChoice,
  ids: string[],
  subnets: SubnetDescription[],
  { target: { region } }: AccountContext,
): CheckResult | undefined {
  const missing = ids.filter((id) => !subnets.some((subnet) => subnet.id === id))
  const foreign = subnets.filter((subnet) => subnet.vpc !== vpc)
  const list = `aws ec2 describe-subnets --region ${region} --filters Name=vpc-id,Values=${vpc}   # those that are there`
  if (missing.length > 0) {
    return {
      ...{ name: 'network', state: 'failed', code: 'LUC-ACCOUNT-SUBNET-UNKNOWN' },
      found: `There is no ${missing.join(' and no ')} in ${region}`,
      why: 'lucree.json names it, and this account has none of this id in that region',
      mend: [list],
    }
  }
  if (foreign.length === 0) return undefined
  return {
    ...{ name: 'network', state: 'failed', code: 'LUC-ACCOUNT-SUBNET-FOREIGN' },
    found: foreign.map(({ id, vpc: other }) => `${id} belongs to ${other}, not to ${vpc}`).join('; '),
    why: 'all subnets of an environment are in its VPC',
    mend: [list],
  }
}

function ok({ vpc, isDefault, subnets }: Place): CheckResult {
  const zones = new Set(subnets.map(({ zone }) => zone)).size
  const found = `${isDefault ? `default VPC ${vpc}` : vpc}, ${subnets.length} subnets in ${zones} zones`
  return { name: 'network', state: 'ok', found, mend: [] }
}
