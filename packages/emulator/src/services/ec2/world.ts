import type { Belongings } from '../belongings.ts'
import { newId } from './world/ids.ts'
import type { Network } from './world/network.ts'
import type { Rule, SecurityGroup, Tags } from './world/model.ts'

/** What EC2's actions look at: the network, and what the environments have in it. */
export interface World {
  region: string
  accountId: string
  network: Network
  belongings: () => Belongings[]
}

/** Every security group: the users' own and those of environments. */
export function groupsOf({ network, belongings }: World): SecurityGroup[] {
  const { groups, changedRules, addedTags } = network.file.value
  const owned = belongings().flatMap((one) =>
    one.groups.map((group) => ({
      id: group.id,
      vpc: one.vpc ?? '',
      name: group.name,
      description: group.description,
      rules:
        changedRules[group.id] ??
        group.openings.map(({ port, from }, index) => ({
          id: `sgr-${group.id.slice(3, 19)}${index}`,
          protocol: 'tcp',
          fromPort: port,
          toPort: port,
          peer: from,
        })),
      tags: { ...tagsOf(one), ...addedTags[group.id] },
    })),
  )
  return [...groups, ...owned]
}

/** An environment's own tags, as what it has carries them. */
export const tagsOf = ({ tags }: Belongings): Tags =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]))

export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** The tags that a request gives to what it makes. */
export function specifiedTags(
  specifications:
    { Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }[] | undefined,
): Tags {
  const given = (specifications ?? []).flatMap(({ Tags }) => Tags ?? [])
  return Object.fromEntries(given.map(({ Key, Value }) => [Key ?? '', Value ?? '']))
}

export const arnOf = ({ region, accountId }: World, kind: string, id: string): string =>
  `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`

export const newRule = (rule: Omit<Rule, 'id'>): Rule => ({ id: newId('sgr'), ...rule })
