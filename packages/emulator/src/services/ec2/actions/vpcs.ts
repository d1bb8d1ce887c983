import type * as sdk from '@aws-sdk/client-ec2'
import { ServiceError, type Action } from '../../service.ts'
import { missingParameter, noVpc } from '../errors.ts'
import { chosen, pageOf, passes } from '../filters.ts'
import { specifiedTags, tagList, type World } from '../world.ts'
import { addDefaultVpc, addVpc } from '../world/default-vpc.ts'
import type { Vpc } from '../world/model.ts'

export function describeVpcs(world: World): Action<sdk.DescribeVpcsRequest, sdk.DescribeVpcsResult> {
  return async ({ VpcIds, Filters, MaxResults, NextToken }) => {
    const found = chosen(world.network.file.value.vpcs, VpcIds, noVpc).filter((vpc) =>
      passes(
        Filters,
        {
          'vpc-id': [vpc.id],
          'is-default': [String(vpc.isDefault)],
          isDefault: [String(vpc.isDefault)],
          cidr: [vpc.cidr],
          'cidr-block': [vpc.cidr],
          state: ['available'],
          'owner-id': [world.accountId],
        },
        vpc.tags,
      ),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { Vpcs: items.map((vpc) => describe(world, vpc)), NextToken: next }
  }
}

function describe({ accountId }: World, vpc: Vpc): sdk.Vpc {
  return {
    VpcId: vpc.id,
    OwnerId: accountId,
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: [
      {
        AssociationId: `vpc-cidr-assoc-${vpc.id.slice(4)}`,
        CidrBlock: vpc.cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    IsDefault: vpc.isDefault,
    InstanceTenancy: 'default',
    State: 'available',
    DhcpOptionsId: `dopt-${vpc.id.slice(4)}`,
    Tags: tagList(vpc.tags),
  }
}

export function createVpc(world: World): Action<sdk.CreateVpcRequest, sdk.CreateVpcResult> {
  return async ({ CidrBlock, TagSpecifications }) => {
    if (CidrBlock === undefined) throw missingParameter('cidrBlock')
    const vpc = await world.network.file.change((network) => {
      const made = addVpc(network, CidrBlock)
      made.tags = specifiedTags(TagSpecifications)
      return made
    })
    return { Vpc: { ...describe(world, vpc), State: 'pending' } }
  }
}

/** The default VPC with a public subnet in each zone, as a new account has it. */
export function createDefaultVpc(
  world: World,
): Action<sdk.CreateDefaultVpcRequest, sdk.CreateDefaultVpcResult> {
  return async () => {
    if (world.network.defaultVpc()) {
      throw new ServiceError(
        'DefaultVpcAlreadyExists',
        'A Default VPC already exists for this account in this region.',
      )
    }
    const vpc = await world.network.file.change((network) => addDefaultVpc(network, world.region))
    return { Vpc: describe(world, vpc) }
  }
}
