import type * as sdk from '@aws-sdk/client-ec2'
import type { Action } from '../../service.ts'
import { invalidParameter, missingParameter, noSubnet, noVpc } from '../errors.ts'
import { chosen, pageOf, passes } from '../filters.ts'
import { arnOf, specifiedTags, tagList, type World } from '../world.ts'
import { newId } from '../world/ids.ts'
import type { Subnet } from '../world/model.ts'
import { zoneIdOf, zonesOf } from '../world/zones.ts'

/** AWS keeps five addresses of each subnet for itself. */
const KEPT = 5

export function describeSubnets(world: World): Action<sdk.DescribeSubnetsRequest, sdk.DescribeSubnetsResult> {
  return async ({ SubnetIds, Filters, MaxResults, NextToken }) => {
    const found = chosen(world.network.file.value.subnets, SubnetIds, noSubnet).filter((subnet) =>
      passes(
        Filters,
        {
          'subnet-id': [subnet.id],
          'vpc-id': [subnet.vpc],
          'availability-zone': [subnet.zone],
          availabilityZone: [subnet.zone],
          'default-for-az': [String(subnet.isDefault)],
          defaultForAz: [String(subnet.isDefault)],
          'map-public-ip-on-launch': [String(subnet.publicAddresses)],
          'cidr-block': [subnet.cidr],
          state: ['available'],
        },
        subnet.tags,
      ),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { Subnets: items.map((subnet) => describe(world, subnet)), NextToken: next }
  }
}

function describe(world: World, subnet: Subnet): sdk.Subnet {
  const used = world
    .belongings()
    .flatMap(({ instances }) => instances.filter((one) => one.subnet === subnet.id))
  const bits = Number(subnet.cidr.split('/')[1])
  return {
    SubnetId: subnet.id,
    SubnetArn: arnOf(world, 'subnet', subnet.id),
    VpcId: subnet.vpc,
    OwnerId: world.accountId,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneIdOf(world.region, subnet.zone),
    AvailableIpAddressCount: Math.max(0, 2 ** (32 - bits) - KEPT - used.length),
    CidrBlock: subnet.cidr,
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.publicAddresses,
    AssignIpv6AddressOnCreation: false,
    State: 'available',
    Tags: tagList(subnet.tags),
  }
}

export function createSubnet(world: World): Action<sdk.CreateSubnetRequest, sdk.CreateSubnetResult> {
  return async ({ VpcId = '', CidrBlock, AvailabilityZone, TagSpecifications }) => {
    if (!world.network.vpc(VpcId)) throw noVpc(VpcId)
    if (CidrBlock === undefined) throw missingParameter('cidrBlock')
    const zones = zonesOf(world.region)
    const zone = AvailabilityZone ?? zones[0]!
    if (!zones.includes(zone)) {
      throw invalidParameter(
        `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
      )
    }
    const subnet: Subnet = {
      id: newId('subnet'),
      vpc: VpcId,
      zone,
      cidr: CidrBlock,
      isDefault: false,
      publicAddresses: false,
      tags: specifiedTags(TagSpecifications),
    }
    await world.network.file.change((network) => void network.subnets.push(subnet))
    return { Subnet: describe(world, subnet) }
  }
}

/** Of its attributes only the public address at launch. */
export function modifySubnetAttribute(world: World): Action<sdk.ModifySubnetAttributeRequest, object> {
  return async ({ SubnetId = '', MapPublicIpOnLaunch }) => {
    if (!world.network.subnet(SubnetId)) throw noSubnet(SubnetId)
    await world.network.file.change(({ subnets }) => {
      const subnet = subnets.find(({ id }) => id === SubnetId)!
      subnet.publicAddresses = MapPublicIpOnLaunch?.Value ?? subnet.publicAddresses
    })
    return {}
  }
}
