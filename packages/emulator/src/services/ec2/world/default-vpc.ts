import { newId } from './ids.ts'
import type { NetworkState, RouteTable, SecurityGroup, Vpc } from './model.ts'
import { zonesOf } from './zones.ts'

/** Adds a VPC with what every VPC has from its birth: a main route table and a default security group. */
export function addVpc(network: NetworkState, cidr: string, isDefault = false): Vpc {
  const vpc: Vpc = { id: newId('vpc'), cidr, isDefault, tags: {} }
  network.vpcs.push(vpc)
  network.routeTables.push(routeTable(vpc.id, cidr, true))
  network.groups.push(defaultGroup(vpc.id))
  return vpc
}

export function routeTable(vpc: string, cidr: string, main: boolean): RouteTable {
  return {
    id: newId('rtb'),
    vpc,
    main,
    associations: main ? [{ id: newId('rtbassoc') }] : [],
    routes: [{ destination: cidr, target: 'local' }],
    tags: {},
  }
}

function defaultGroup(vpc: string): SecurityGroup {
  const id = newId('sg')
  return {
    id,
    vpc,
    name: 'default',
    description: 'default VPC security group',
    rules: [{ id: newId('sgr'), protocol: '-1', peer: { group: id } }],
    tags: {},
  }
}

/** Adds the default VPC as AWS makes it: a public subnet in each zone, and a way to the internet. */
export function addDefaultVpc(network: NetworkState, region: string): Vpc {
  const vpc = addVpc(network, '172.31.0.0/16', true)
  for (const [index, zone] of zonesOf(region).entries()) {
    network.subnets.push({
      id: newId('subnet'),
      vpc: vpc.id,
      zone,
      cidr: `172.31.${index * 16}.0/20`,
      isDefault: true,
      publicAddresses: true,
      tags: {},
    })
  }
  const gateway = { id: newId('igw'), vpc: vpc.id, tags: {} }
  network.gateways.push(gateway)
  const main = network.routeTables.find((table) => table.vpc === vpc.id && table.main)
  main?.routes.push({ destination: '0.0.0.0/0', target: gateway.id })
  return vpc
}

/** Every id that is in the network. */
export function idsOf(network: NetworkState): string[] {
  const { vpcs, subnets, gateways, natGateways, routeTables, groups, addresses } = network
  return [vpcs, subnets, gateways, natGateways, routeTables, groups, addresses].flat().map(({ id }) => id)
}
