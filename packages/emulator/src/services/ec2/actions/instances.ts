import type * as sdk from '@aws-sdk/client-ec2'
import type { Action } from '../../service.ts'
import type { Belongings, OwnedInstance } from '../../belongings.ts'
import { noAllocation, noInstance, noLaunchTemplate } from '../errors.ts'
import { chosen, pageOf, passes } from '../filters.ts'
import { tagList, tagsOf, type World } from '../world.ts'
import { findInstanceType } from '../world/instance-types.ts'
import type { Tags } from '../world/model.ts'

/** The instances of environments: this account has no others. */
export function describeInstances(
  world: World,
): Action<sdk.DescribeInstancesRequest, sdk.DescribeInstancesResult> {
  return async ({ InstanceIds, Filters, MaxResults, NextToken }) => {
    const all = world.belongings().flatMap((owner) =>
      owner.instances.map((instance) => ({
        id: instance.id,
        instance,
        owner,
        tags: tagsOfInstance(world, instance, owner),
      })),
    )
    const found = chosen(all, InstanceIds, noInstance).filter(({ instance, owner, tags }) =>
      passes(
        Filters,
        {
          'instance-id': [instance.id],
          'instance-type': [instance.type],
          'instance-state-name': ['running'],
          'availability-zone': [instance.zone],
          'vpc-id': [owner.vpc],
          'subnet-id': [instance.subnet],
          'instance.group-id': owner.groups.slice(0, 1).map(({ id }) => id),
          'private-ip-address': [instance.privateIp],
          'ip-address': [instance.publicIp],
        },
        tags,
      ),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return {
      Reservations: items.map((item) => ({
        ReservationId: `r-${item.id.slice(2)}`,
        OwnerId: world.accountId,
        Groups: [],
        Instances: [describe(item)],
      })),
      NextToken: next,
    }
  }
}

function tagsOfInstance({ network }: World, { id }: OwnedInstance, owner: Belongings): Tags {
  return {
    ...tagsOf(owner),
    ...(owner.scalingGroup && { 'aws:autoscaling:groupName': owner.scalingGroup.name }),
    ...network.file.value.addedTags[id],
  }
}

function describe({
  instance,
  owner,
  tags,
}: {
  instance: OwnedInstance
  owner: Belongings
  tags: Tags
}): sdk.Instance {
  return {
    InstanceId: instance.id,
    InstanceType: instance.type as sdk._InstanceType,
    State: { Code: 16, Name: 'running' },
    LaunchTime: new Date(instance.launchedAt),
    Placement: { AvailabilityZone: instance.zone, Tenancy: 'default' },
    VpcId: owner.vpc,
    SubnetId: instance.subnet,
    PrivateIpAddress: instance.privateIp,
    PublicIpAddress: instance.publicIp,
    Architecture: findInstanceType(instance.type)?.architecture ?? 'x86_64',
    SecurityGroups: owner.groups.slice(0, 1).map(({ id, name }) => ({ GroupId: id, GroupName: name })),
    Tags: tagList(tags),
  }
}

export function describeAddresses(
  world: World,
): Action<sdk.DescribeAddressesRequest, sdk.DescribeAddressesResult> {
  return async ({ AllocationIds, PublicIps, Filters }) => {
    const free = world.network.file.value.addresses.map(({ id, ip, tags }) => ({
      ...{ id, ip, tags, instance: undefined, association: undefined },
    }))
    const taken = world.belongings().flatMap((owner) =>
      owner.address === undefined
        ? []
        : [
            {
              ...owner.address,
              id: owner.address.allocation,
              tags: { ...tagsOf(owner), ...world.network.file.value.addedTags[owner.address.allocation] },
            },
          ],
    )
    const found = chosen([...free, ...taken], AllocationIds, noAllocation)
      .filter(({ ip }) => !PublicIps?.length || PublicIps.includes(ip))
      .filter(({ id, ip, instance, tags }) =>
        passes(
          Filters,
          { 'allocation-id': [id], 'public-ip': [ip], 'instance-id': [instance], domain: ['vpc'] },
          tags,
        ),
      )
    return {
      Addresses: found.map(({ id, ip, instance, association, tags }) => ({
        AllocationId: id,
        PublicIp: ip,
        Domain: 'vpc',
        ...(instance === undefined ? {} : { InstanceId: instance, AssociationId: association }),
        Tags: tagList(tags),
      })),
    }
  }
}

export function describeLaunchTemplates(
  world: World,
): Action<sdk.DescribeLaunchTemplatesRequest, sdk.DescribeLaunchTemplatesResult> {
  return async ({ LaunchTemplateIds, LaunchTemplateNames, Filters, MaxResults, NextToken }) => {
    const all = world
      .belongings()
      .flatMap((owner) =>
        owner.launchTemplate === undefined ? [] : [{ ...owner.launchTemplate, tags: tagsOf(owner) }],
      )
    const found = chosen(all, LaunchTemplateIds, noLaunchTemplate)
      .filter(({ name }) => !LaunchTemplateNames?.length || LaunchTemplateNames.includes(name))
      .filter(({ name, tags }) => passes(Filters, { 'launch-template-name': [name] }, tags))
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return {
      LaunchTemplates: items.map(({ id, name, createdAt, tags }) => ({
        LaunchTemplateId: id,
        LaunchTemplateName: name,
        CreateTime: new Date(createdAt),
        CreatedBy: `arn:aws:iam::${world.accountId}:root`,
        DefaultVersionNumber: 1,
        LatestVersionNumber: 1,
        Tags: tagList(tags),
      })),
      NextToken: next,
    }
  }
}
