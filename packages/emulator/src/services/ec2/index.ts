import type { Action } from '../service.ts'
import {
  attachInternetGateway,
  createInternetGateway,
  createNatGateway,
  describeInternetGateways,
  describeNatGateways,
} from './actions/gateways.ts'
import { authorizeSecurityGroupIngress, revokeSecurityGroupIngress } from './actions/ingress.ts'
import {
  describeAvailabilityZones,
  describeInstanceTypeOfferings,
  describeInstanceTypes,
} from './actions/instance-types.ts'
import { describeAddresses, describeInstances, describeLaunchTemplates } from './actions/instances.ts'
import { describeRegions } from './actions/regions.ts'
import {
  associateRouteTable,
  createRoute,
  createRouteTable,
  describeRouteTables,
} from './actions/route-tables.ts'
import {
  createSecurityGroup,
  deleteSecurityGroup,
  describeSecurityGroups,
} from './actions/security-groups.ts'
import { createSubnet, describeSubnets, modifySubnetAttribute } from './actions/subnets.ts'
import { createTags, deleteTags, describeTags } from './actions/tags.ts'
import { createDefaultVpc, createVpc, describeVpcs } from './actions/vpcs.ts'
import { arnOf, type World } from './world.ts'

const factories = {
  AssociateRouteTable: associateRouteTable,
  AttachInternetGateway: attachInternetGateway,
  AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
  CreateDefaultVpc: createDefaultVpc,
  CreateInternetGateway: createInternetGateway,
  CreateNatGateway: createNatGateway,
  CreateRoute: createRoute,
  CreateRouteTable: createRouteTable,
  CreateSecurityGroup: createSecurityGroup,
  CreateSubnet: createSubnet,
  CreateTags: createTags,
  CreateVpc: createVpc,
  DeleteSecurityGroup: deleteSecurityGroup,
  DeleteTags: deleteTags,
  DescribeAddresses: describeAddresses,
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeInstances: describeInstances,
  DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeInternetGateways: describeInternetGateways,
  DescribeLaunchTemplates: describeLaunchTemplates,
  DescribeNatGateways: describeNatGateways,
  DescribeRegions: describeRegions,
  DescribeRouteTables: describeRouteTables,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSubnets: describeSubnets,
  DescribeTags: describeTags,
  DescribeVpcs: describeVpcs,
  ModifySubnetAttribute: modifySubnetAttribute,
  RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
}

/** EC2, as far as a deploy looks at it. The schemas are loaded with the first request: the SDK's are the largest of all services. */
export const createEc2 = (world: World) => ({
  signingName: 'ec2',
  apiVersion: '2016-11-15',
  xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  actions: Object.fromEntries(
    Object.entries(factories).map(([name, factory]) => [name, factory(world) as Action]),
  ),
  schemas: async () => (await import('./schemas.ts')).schemas,
  inventory: () => inventoryOf(world),
})

/** What somebody made, and what environments have; not what the account came with. */
function inventoryOf(world: World): string[] {
  const { givenIds, ...network } = world.network.file.value
  const kinds = {
    vpc: network.vpcs,
    subnet: network.subnets,
    'internet-gateway': network.gateways,
    natgateway: network.natGateways,
    'route-table': network.routeTables,
    'security-group': network.groups,
    'elastic-ip': network.addresses,
  }
  const own = Object.entries(kinds).flatMap(([kind, all]) =>
    all.filter(({ id }) => !givenIds.includes(id)).map(({ id }) => arnOf(world, kind, id)),
  )
  const owned = world
    .belongings()
    .flatMap(({ groups, address, launchTemplate, instances }) => [
      ...groups.map(({ id }) => arnOf(world, 'security-group', id)),
      ...(address ? [arnOf(world, 'elastic-ip', address.allocation)] : []),
      ...(launchTemplate ? [arnOf(world, 'launch-template', launchTemplate.id)] : []),
      ...instances.map(({ id }) => arnOf(world, 'instance', id)),
    ])
  return [...own, ...owned]
}
