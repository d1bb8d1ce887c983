import type * as sdk from '@aws-sdk/client-ec2'
import { ServiceError, type Action } from '../../service.ts'
import { dependencyViolation, missingParameter, noDefaultVpc, noGroup, noVpc } from '../errors.ts'
import { chosen, pageOf, passes, type Attributes } from '../filters.ts'
import { arnOf, groupsOf, specifiedTags, tagList, type World } from '../world.ts'
import { newId } from '../world/ids.ts'
import type { SecurityGroup } from '../world/model.ts'
import { permissionsOf } from '../rules.ts'

export function describeSecurityGroups(
  world: World,
): Action<sdk.DescribeSecurityGroupsRequest, sdk.DescribeSecurityGroupsResult> {
  return async ({ GroupIds, GroupNames, Filters, MaxResults, NextToken }) => {
    const found = chosen(groupsOf(world), GroupIds, noGroup)
      .filter(({ name }) => !GroupNames?.length || GroupNames.includes(name))
      .filter((group) => passes(Filters, attributesOf(world, group), group.tags))
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { SecurityGroups: items.map((group) => describe(world, group)), NextToken: next }
  }
}

const attributesOf = (
  { accountId }: World,
  { id, name, vpc, description, rules }: SecurityGroup,
): Attributes => ({
  'group-id': [id],
  'group-name': [name],
  'vpc-id': [vpc],
  'owner-id': [accountId],
  description: [description],
  'ip-permission.group-id': rules.map(({ peer }) => ('group' in peer ? peer.group : undefined)),
  'ip-permission.cidr': rules.map(({ peer }) => ('cidr' in peer ? peer.cidr : undefined)),
  'ip-permission.protocol': rules.map(({ protocol }) => protocol),
  'ip-permission.from-port': rules.map(({ fromPort }) => fromPort?.toString()),
  'ip-permission.to-port': rules.map(({ toPort }) => toPort?.toString()),
})

function describe(world: World, group: SecurityGroup): sdk.SecurityGroup {
  const everywhere = { id: '', protocol: '-1', peer: { cidr: '0.0.0.0/0' } }
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: world.accountId,
    VpcId: group.vpc,
    SecurityGroupArn: arnOf(world, 'security-group', group.id),
    IpPermissions: permissionsOf(group.rules, world.accountId),
    IpPermissionsEgress: permissionsOf([everywhere], world.accountId),
    Tags: tagList(group.tags),
  }
}

export function createSecurityGroup(
  world: World,
): Action<sdk.CreateSecurityGroupRequest, sdk.CreateSecurityGroupResult> {
  return async ({ GroupName, Description, VpcId, TagSpecifications }) => {
    if (GroupName === undefined) throw missingParameter('groupName')
    if (Description === undefined) throw missingParameter('groupDescription')
    const vpc = VpcId ?? world.network.defaultVpc()?.id
    if (vpc === undefined) throw noDefaultVpc()
    if (!world.network.vpc(vpc)) throw noVpc(vpc)
    if (groupsOf(world).some((group) => group.vpc === vpc && group.name === GroupName)) {
      throw new ServiceError(
        'InvalidGroup.Duplicate',
        `The security group '${GroupName}' already exists for VPC '${vpc}'`,
      )
    }
    const group = {
      ...{ id: newId('sg'), vpc, name: GroupName, description: Description, rules: [] },
      tags: specifiedTags(TagSpecifications),
    }
    await world.network.file.change((network) => void network.groups.push(group))
    return {
      GroupId: group.id,
      SecurityGroupArn: arnOf(world, 'security-group', group.id),
      Tags: tagList(group.tags),
    }
  }
}

/** Refused for a VPC's default group, for one that an instance or a load balancer has, and for one that another group's rules name. */
export function deleteSecurityGroup(
  world: World,
): Action<sdk.DeleteSecurityGroupRequest, sdk.DeleteSecurityGroupResult> {
  return async ({ GroupId, GroupName }) => {
    const group = groupsOf(world).find(({ id, name }) =>
      GroupId === undefined ? name === GroupName : id === GroupId,
    )
    if (group === undefined) throw noGroup(GroupId ?? GroupName ?? '')
    if (group.name === 'default') {
      throw new ServiceError(
        'CannotDelete',
        `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
      )
    }
    const isOwned = !world.network.file.value.groups.some(({ id }) => id === group.id)
    const isNamed = groupsOf(world).some(
      ({ id, rules }) =>
        id !== group.id && rules.some(({ peer }) => 'group' in peer && peer.group === group.id),
    )
    if (isOwned || isNamed) throw dependencyViolation(group.id)
    await world.network.file.change((network) => {
      network.groups = network.groups.filter(({ id }) => id !== group.id)
    })
    return { Return: true, GroupId: group.id }
  }
}
