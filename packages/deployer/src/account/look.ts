import type { Ground } from '../beanstalk/options.ts'
import type { CheckResult } from './checks/check.ts'
import { quotaResults } from './checks/quotas.ts'
import type { AccountContext } from './context.ts'
import { chooseInstanceType, findCandidates, type InstanceTypeSeen } from './instance-type.ts'
import { type Lack, lacksOfRoles } from './make-roles.ts'
import { lookAtNetwork, type NetworkSeen, type Place } from './network.ts'
import { lookAtRoles } from './roles.ts'
import type { RolesSeen } from './roles-seen.ts'

/** What an account has of what a new environment needs. */
export interface AccountSeen {
  roles: RolesSeen
  network: NetworkSeen
  instanceType: InstanceTypeSeen
  /** What a deploy will make before it asks for the environment. */
  lacks: Lack[]
  /** A line for everything that was looked at; a failed one stops a deploy. */
  results: CheckResult[]
}

/** Looks at quotas, roles, network and instance types before an environment is made; changes nothing. `makes`: what else is to be made. */
export async function lookAtAccount(
  context: AccountContext,
  makes: { application: boolean; version: boolean },
  signal: AbortSignal,
): Promise<AccountSeen> {
  const [roles, network, candidates, quotas] = await Promise.all([
    lookAtRoles(context, signal),
    lookAtNetwork(context, signal),
    findCandidates(context, signal),
    context.cloud.usage.describe(signal),
  ])
  const needed = { applications: makes.application, environments: true, versions: makes.version }
  const instanceType = chooseInstanceType(candidates, network.place, context)
  return {
    ...{ roles, network, instanceType },
    lacks: [...lacksOfNetwork(network, context), ...lacksOfRoles(roles)],
    results: [
      ...quotaResults(quotas, needed, context.target),
      ...[...network.results, ...roles.results, ...instanceType.results],
    ],
  }
}

function lacksOfNetwork({ place }: NetworkSeen, { target, makesDefaultVpc }: AccountContext): Lack[] {
  if (place || target.network || !makesDefaultVpc) return []
  return [{ name: 'create the default VPC', reason: `${target.region} has none` }]
}

/** What the environment is made on. In the default VPC Beanstalk chooses, unless some of its zones don't have the instance type. */
export function groundOf({ roles, network, instanceType }: Omit<AccountSeen, 'results' | 'lacks'>): Ground {
  return {
    instanceProfile: roles.instance.profileName,
    serviceRole: roles.service.roleName,
    instanceType: instanceType.name,
    network: network.place && networkOf(network.place, instanceType.zones),
  }
}

function networkOf({ vpc, isDefault, subnets, balancerSubnets }: Place, zones: string[]): Ground['network'] {
  const offering = subnets.filter(({ zone }) => zones.includes(zone))
  if (isDefault && (offering.length === 0 || offering.length === subnets.length)) return undefined
  const used = offering.length > 0 ? offering : subnets
  return {
    vpc,
    subnets: used.map(({ id }) => id),
    balancerSubnets: balancerSubnets.map(({ id }) => id),
    publicAddresses: used.some(({ wayOut }) => wayOut === 'internet-gateway'),
  }
}
