import type * as sdk from '@aws-sdk/client-ec2'
import { ServiceError, type Action } from '../../service.ts'
import {
  missingParameter,
  noInternetGateway,
  noNatGateway,
  noRouteTable,
  noSubnet,
  noVpc,
} from '../errors.ts'
import { chosen, pageOf, passes } from '../filters.ts'
import { specifiedTags, tagList, type World } from '../world.ts'
import { routeTable } from '../world/default-vpc.ts'
import { newId } from '../world/ids.ts'
import type { NetworkState, RouteTable } from '../world/model.ts'

export function describeRouteTables(
  world: World,
): Action<sdk.DescribeRouteTablesRequest, sdk.DescribeRouteTablesResult> {
  return async ({ RouteTableIds, Filters, MaxResults, NextToken }) => {
    const found = chosen(world.network.file.value.routeTables, RouteTableIds, noRouteTable).filter((table) =>
      passes(
        Filters,
        {
          'route-table-id': [table.id],
          'vpc-id': [table.vpc],
          'association.main': [String(table.main)],
          'association.subnet-id': table.associations.map(({ subnet }) => subnet),
          'association.route-table-id': [table.id],
          'route.destination-cidr-block': table.routes.map(({ destination }) => destination),
          'route.gateway-id': table.routes.map(({ target }) => target),
        },
        table.tags,
      ),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { RouteTables: items.map((table) => describe(world, table)), NextToken: next }
  }
}

function describe({ accountId }: World, table: RouteTable): sdk.RouteTable {
  return {
    RouteTableId: table.id,
    VpcId: table.vpc,
    OwnerId: accountId,
    Associations: table.associations.map(({ id, subnet }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      Main: subnet === undefined,
      ...(subnet === undefined ? {} : { SubnetId: subnet }),
      AssociationState: { State: 'associated' },
    })),
    Routes: table.routes.map(({ destination, target }) => ({
      DestinationCidrBlock: destination,
      ...(target.startsWith('nat-') ? { NatGatewayId: target } : { GatewayId: target }),
      Origin: target === 'local' ? 'CreateRouteTable' : 'CreateRoute',
      State: 'active',
    })),
    PropagatingVgws: [],
    Tags: tagList(table.tags),
  }
}

export function createRouteTable(
  world: World,
): Action<sdk.CreateRouteTableRequest, sdk.CreateRouteTableResult> {
  return async ({ VpcId = '', TagSpecifications }) => {
    const vpc = world.network.vpc(VpcId)
    if (vpc === undefined) throw noVpc(VpcId)
    const table = { ...routeTable(vpc.id, vpc.cidr, false), tags: specifiedTags(TagSpecifications) }
    await world.network.file.change((network) => void network.routeTables.push(table))
    return { RouteTable: describe(world, table) }
  }
}

export function associateRouteTable(
  world: World,
): Action<sdk.AssociateRouteTableRequest, sdk.AssociateRouteTableResult> {
  return async ({ RouteTableId = '', SubnetId }) => {
    if (SubnetId === undefined) throw missingParameter('subnetId')
    if (!world.network.subnet(SubnetId)) throw noSubnet(SubnetId)
    const AssociationId = await world.network.file.change((network) => {
      const table = find(network, RouteTableId)
      const other = network.routeTables.find(({ associations }) =>
        associations.some(({ subnet }) => subnet === SubnetId),
      )
      if (other !== undefined) {
        throw new ServiceError(
          'Resource.AlreadyAssociated',
          `the specified association for route table ${other.id} conflicts with an existing association`,
        )
      }
      const association = { id: newId('rtbassoc'), subnet: SubnetId }
      table.associations.push(association)
      return association.id
    })
    return { AssociationId, AssociationState: { State: 'associated' } }
  }
}

export function createRoute(world: World): Action<sdk.CreateRouteRequest, sdk.CreateRouteResult> {
  return async ({ RouteTableId = '', DestinationCidrBlock, GatewayId, NatGatewayId }) => {
    if (DestinationCidrBlock === undefined) throw missingParameter('destinationCidrBlock')
    const target = GatewayId ?? NatGatewayId
    if (target === undefined) throw missingParameter('gatewayId')
    await world.network.file.change((network) => {
      const table = find(network, RouteTableId)
      if (GatewayId && !network.gateways.some(({ id }) => id === GatewayId))
        throw noInternetGateway(GatewayId)
      if (NatGatewayId && !network.natGateways.some(({ id }) => id === NatGatewayId))
        throw noNatGateway(NatGatewayId)
      if (table.routes.some(({ destination }) => destination === DestinationCidrBlock)) {
        throw new ServiceError(
          'RouteAlreadyExists',
          `The route identified by ${DestinationCidrBlock} already exists.`,
        )
      }
      table.routes.push({ destination: DestinationCidrBlock, target })
    })
    return { Return: true }
  }
}

function find({ routeTables }: NetworkState, id: string): RouteTable {
  const table = routeTables.find((one) => one.id === id)
  if (table === undefined) throw noRouteTable(id)
  return table
}
