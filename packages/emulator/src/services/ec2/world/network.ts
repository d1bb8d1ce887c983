import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scenario } from '../../../scenario.ts'
import { createJsonFile, readJsonFile, type JsonFile } from '../../elasticbeanstalk/state/json-file.ts'
import { addDefaultVpc, idsOf } from './default-vpc.ts'
import { newId } from './ids.ts'
import {
  emptyNetwork,
  networkSchema,
  type NetworkState,
  type RouteTable,
  type Subnet,
  type Vpc,
} from './model.ts'

/** The account's network on disk, and what others ask of it. */
export interface Network {
  file: JsonFile<NetworkState>
  defaultVpc(): Vpc | undefined
  vpc(id: string): Vpc | undefined
  subnet(id: string): Subnet | undefined
  /** Those of a VPC, by zone. */
  subnetsOf(vpc: string): Subnet[]
  /** Whether an instance in the subnet reaches the internet: directly when it has a public address, else over a NAT or other gateway. */
  hasWayOut(subnet: Subnet, publicAddress: boolean): boolean
  /** Groups, of those that users made, whose rules let the group in: it can't be deleted as long as there is one. */
  dependents(groupId: string): string[]
  /** Elastic addresses that don't belong to an environment. */
  addresses(): number
}

/** Elastic addresses that an account may have: what a full one has. */
export const ADDRESS_QUOTA = 5

/** Opens `network.json` below `dir`, or makes the network that a new account of this kind has. */
export async function openNetwork(
  dir: string,
  region: string,
  scenario: Pick<Scenario, 'defaultVpc' | 'full'>,
): Promise<Network> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'network.json')
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  const file = isThere
    ? await readJsonFile(path, networkSchema)
    : await createJsonFile(path, newNetwork(region, scenario))
  return networkOf(file)
}

function newNetwork(
  region: string,
  { defaultVpc, full }: Pick<Scenario, 'defaultVpc' | 'full'>,
): NetworkState {
  const network = emptyNetwork()
  if (defaultVpc) addDefaultVpc(network, region)
  for (let host = 1; full && host <= ADDRESS_QUOTA; host++) {
    network.addresses.push({ id: newId('eipalloc'), ip: `198.51.100.${host}`, tags: {} })
  }
  return { ...network, givenIds: idsOf(network) }
}

function networkOf(file: JsonFile<NetworkState>): Network {
  return {
    file,
    defaultVpc: () => file.value.vpcs.find(({ isDefault }) => isDefault),
    vpc: (id) => file.value.vpcs.find((vpc) => vpc.id === id),
    subnet: (id) => file.value.subnets.find((subnet) => subnet.id === id),
    subnetsOf: (vpc) =>
      file.value.subnets.filter((subnet) => subnet.vpc === vpc).sort((a, b) => (a.zone < b.zone ? -1 : 1)),
    hasWayOut(subnet, publicAddress) {
      const target = tableOf(file.value, subnet)?.routes.find(
        ({ destination }) => destination === '0.0.0.0/0',
      )?.target
      if (target === undefined) return false
      return target.startsWith('igw-') ? publicAddress : true
    },
    dependents: (groupId) =>
      file.value.groups
        .filter(
          ({ id, rules }) =>
            id !== groupId && rules.some(({ peer }) => 'group' in peer && peer.group === groupId),
        )
        .map(({ id }) => id),
    addresses: () => file.value.addresses.length,
  }
}

/** The table that the subnet is bound to, else the VPC's main one. */
function tableOf({ routeTables }: NetworkState, { id, vpc }: Subnet): RouteTable | undefined {
  const bound = routeTables.find(({ associations }) => associations.some(({ subnet }) => subnet === id))
  return bound ?? routeTables.find((table) => table.vpc === vpc && table.main)
}
