import type * as sdk from '@aws-sdk/client-ec2'
import type { Action } from '../../service.ts'
import { noResource } from '../errors.ts'
import { pageOf, passes } from '../filters.ts'
import { groupsOf, tagsOf, type World } from '../world.ts'
import type { NetworkState, Tags } from '../world/model.ts'

interface Tagged {
  id: string
  type: string
  tags: Tags
}

export function createTags(world: World): Action<sdk.CreateTagsRequest, object> {
  return async ({ Resources, Tags }) => {
    const given = Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']))
    await change(world, Resources, (tags) => Object.assign(tags, given))
    return {}
  }
}

/** Removes the tags that are named: by key, or by key and value. */
export function deleteTags(world: World): Action<sdk.DeleteTagsRequest, object> {
  return async ({ Resources, Tags }) => {
    await change(world, Resources, (tags) => {
      for (const { Key = '', Value } of Tags ?? []) {
        if (Value === undefined || tags[Key] === Value) delete tags[Key]
      }
    })
    return {}
  }
}

async function change(world: World, ids: string[] | undefined, edit: (tags: Tags) => void): Promise<void> {
  const known = taggedOf(world)
  const missing = ids?.find((id) => !known.some((one) => one.id === id))
  if (missing !== undefined) throw noResource(missing)
  await world.network.file.change((network) => {
    for (const id of ids ?? []) {
      const own = ownOf(network).find((one) => one.id === id)
      edit(own ? own.tags : (network.addedTags[id] ??= {}))
    }
  })
}

export function describeTags(world: World): Action<sdk.DescribeTagsRequest, sdk.DescribeTagsResult> {
  return async ({ Filters, MaxResults, NextToken }) => {
    const all = taggedOf(world).flatMap(({ id, type, tags }) =>
      Object.entries(tags).map(([key, value]) => ({ id, type, key, value })),
    )
    const found = all.filter(({ id, type, key, value }) =>
      passes(Filters, { 'resource-id': [id], 'resource-type': [type], key: [key], value: [value] }),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return {
      Tags: items.map(({ id, type, key, value }) => ({
        ResourceId: id,
        ResourceType: type as sdk.ResourceType,
        Key: key,
        Value: value,
      })),
      NextToken: next,
    }
  }
}

function ownOf({
  vpcs,
  subnets,
  gateways,
  natGateways,
  routeTables,
  groups,
  addresses,
}: NetworkState): Tagged[] {
  const kinds = {
    vpc: vpcs,
    subnet: subnets,
    'internet-gateway': gateways,
    natgateway: natGateways,
    'route-table': routeTables,
    'security-group': groups,
    'elastic-ip': addresses,
  }
  return Object.entries(kinds).flatMap(([type, all]) =>
    (all as { id: string; tags: Tags }[]).map((one) => ({ id: one.id, type, tags: one.tags })),
  )
}

function taggedOf(world: World): Tagged[] {
  const network = world.network.file.value
  const owned = world.belongings().flatMap((owner) => {
    const tagged = (id: string, type: string) => ({
      id,
      type,
      tags: { ...tagsOf(owner), ...network.addedTags[id] },
    })
    return [
      ...owner.instances.map(({ id }) => tagged(id, 'instance')),
      ...(owner.address ? [tagged(owner.address.allocation, 'elastic-ip')] : []),
      ...(owner.launchTemplate ? [tagged(owner.launchTemplate.id, 'launch-template')] : []),
    ]
  })
  const groups = groupsOf(world)
    .filter(({ id }) => !network.groups.some((group) => group.id === id))
    .map(({ id, tags }) => ({ id, type: 'security-group', tags }))
  return [...ownOf(network), ...groups, ...owned]
}
