import type * as sdk from '@aws-sdk/client-ec2'
import { ServiceError, type Action } from '../../service.ts'
import { noInternetGateway, noNatGateway, noSubnet, noVpc } from '../errors.ts'
import { chosen, pageOf, passes } from '../filters.ts'
import { specifiedTags, tagList, type World } from '../world.ts'
import { newId } from '../world/ids.ts'
import type { NetworkState } from '../world/model.ts'

type Gateway = NetworkState['gateways'][number]
type NatGateway = NetworkState['natGateways'][number]

export function describeInternetGateways(
  world: World,
): Action<sdk.DescribeInternetGatewaysRequest, sdk.DescribeInternetGatewaysResult> {
  return async ({ InternetGatewayIds, Filters, MaxResults, NextToken }) => {
    const found = chosen(world.network.file.value.gateways, InternetGatewayIds, noInternetGateway).filter(
      (gateway) =>
        passes(
          Filters,
          {
            'internet-gateway-id': [gateway.id],
            'attachment.vpc-id': [gateway.vpc],
            'attachment.state': [gateway.vpc && 'available'],
          },
          gateway.tags,
        ),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { InternetGateways: items.map((gateway) => describe(world, gateway)), NextToken: next }
  }
}

const describe = ({ accountId }: World, { id, vpc, tags }: Gateway): sdk.InternetGateway => ({
  InternetGatewayId: id,
  OwnerId: accountId,
  // the model's enum has states of a VPN gateway; the service says available
  Attachments: vpc === undefined ? [] : [{ VpcId: vpc, State: 'available' as sdk.AttachmentStatus }],
  Tags: tagList(tags),
})

export function createInternetGateway(
  world: World,
): Action<sdk.CreateInternetGatewayRequest, sdk.CreateInternetGatewayResult> {
  return async ({ TagSpecifications }) => {
    const gateway: Gateway = { id: newId('igw'), tags: specifiedTags(TagSpecifications) }
    await world.network.file.change((network) => void network.gateways.push(gateway))
    return { InternetGateway: describe(world, gateway) }
  }
}

export function attachInternetGateway(world: World): Action<sdk.AttachInternetGatewayRequest, object> {
  return async ({ InternetGatewayId = '', VpcId = '' }) => {
    if (!world.network.vpc(VpcId)) throw noVpc(VpcId)
    await world.network.file.change(({ gateways }) => {
      const gateway = gateways.find(({ id }) => id === InternetGatewayId)
      if (gateway === undefined) throw noInternetGateway(InternetGatewayId)
      if (gateway.vpc !== undefined) {
        throw new ServiceError(
          'Resource.AlreadyAssociated',
          `resource ${gateway.id} is already attached to network ${gateway.vpc}`,
        )
      }
      gateway.vpc = VpcId
    })
    return {}
  }
}

export function createNatGateway(
  world: World,
): Action<sdk.CreateNatGatewayRequest, sdk.CreateNatGatewayResult> {
  return async ({ SubnetId = '', TagSpecifications }) => {
    const subnet = world.network.subnet(SubnetId)
    if (subnet === undefined) throw noSubnet(SubnetId)
    const gateway = {
      id: newId('nat'),
      subnet: subnet.id,
      vpc: subnet.vpc,
      tags: specifiedTags(TagSpecifications),
    }
    await world.network.file.change((network) => void network.natGateways.push(gateway))
    return { NatGateway: { ...describeNat(gateway), State: 'pending' } }
  }
}

export function describeNatGateways(
  world: World,
): Action<sdk.DescribeNatGatewaysRequest, sdk.DescribeNatGatewaysResult> {
  return async ({ NatGatewayIds, Filter, MaxResults, NextToken }) => {
    const found = chosen(world.network.file.value.natGateways, NatGatewayIds, noNatGateway).filter(
      (gateway) =>
        passes(
          Filter,
          {
            'nat-gateway-id': [gateway.id],
            'vpc-id': [gateway.vpc],
            'subnet-id': [gateway.subnet],
            state: ['available'],
          },
          gateway.tags,
        ),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { NatGateways: items.map(describeNat), NextToken: next }
  }
}

const describeNat = ({ id, subnet, vpc, tags }: NatGateway): sdk.NatGateway => ({
  NatGatewayId: id,
  SubnetId: subnet,
  VpcId: vpc,
  State: 'available',
  Tags: tagList(tags),
})
