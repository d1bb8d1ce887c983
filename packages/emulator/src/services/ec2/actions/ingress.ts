import type * as sdk from '@aws-sdk/client-ec2'
import { ServiceError, type Action } from '../../service.ts'
import { noGroup } from '../errors.ts'
import { isSameRule, readRules, type RuleRequest } from '../rules.ts'
import { groupsOf, type World } from '../world.ts'
import type { Rule, SecurityGroup } from '../world/model.ts'

interface GroupKey extends RuleRequest {
  GroupId?: string | undefined
  GroupName?: string | undefined
}

export function authorizeSecurityGroupIngress(
  world: World,
): Action<sdk.AuthorizeSecurityGroupIngressRequest, sdk.AuthorizeSecurityGroupIngressResult> {
  return async (input) => {
    const group = find(world, input)
    const added = readRules(input, (name) => find(world, { GroupName: name }).id)
    const sources = added.flatMap(({ peer }) => ('group' in peer ? [peer.group] : []))
    const known = groupsOf(world)
    const missing = sources.find((id) => !known.some((one) => one.id === id))
    if (missing !== undefined) throw noGroup(missing)
    const twice = added.find((rule) => group.rules.some((one) => isSameRule(one, rule)))
    if (twice !== undefined) {
      throw new ServiceError(
        'InvalidPermission.Duplicate',
        `the specified rule "${spoken(twice)}" already exists`,
      )
    }
    await keep(world, group, [...group.rules, ...added])
    return {
      Return: true,
      SecurityGroupRules: added.map((rule) => ({
        SecurityGroupRuleId: rule.id,
        GroupId: group.id,
        GroupOwnerId: world.accountId,
        IsEgress: false,
        IpProtocol: rule.protocol,
        FromPort: rule.fromPort ?? -1,
        ToPort: rule.toPort ?? -1,
        ...('cidr' in rule.peer
          ? { CidrIpv4: rule.peer.cidr }
          : { ReferencedGroupInfo: { GroupId: rule.peer.group, UserId: world.accountId } }),
      })),
    }
  }
}

export function revokeSecurityGroupIngress(
  world: World,
): Action<sdk.RevokeSecurityGroupIngressRequest, sdk.RevokeSecurityGroupIngressResult> {
  return async (input) => {
    const group = find(world, input)
    const named = input.SecurityGroupRuleIds
    const isMeant = named?.length
      ? ({ id }: Rule) => named.includes(id)
      : (
          (removed) => (rule: Rule) =>
            removed.some((one) => isSameRule(one, rule))
        )(readRules(input, (name) => find(world, { GroupName: name }).id))
    const left = group.rules.filter((rule) => !isMeant(rule))
    if (left.length === group.rules.length) {
      throw new ServiceError(
        'InvalidPermission.NotFound',
        'The specified rule does not exist in this security group.',
      )
    }
    await keep(world, group, left)
    return { Return: true }
  }
}

function find(world: World, { GroupId, GroupName }: GroupKey): SecurityGroup {
  const group = groupsOf(world).find(({ id, name }) =>
    GroupId === undefined ? name === GroupName : id === GroupId,
  )
  if (group === undefined) throw noGroup(GroupId ?? GroupName ?? '')
  return group
}

async function keep({ network }: World, { id }: SecurityGroup, rules: Rule[]): Promise<void> {
  await network.file.change((draft) => {
    const own = draft.groups.find((group) => group.id === id)
    if (own) own.rules = rules
    else draft.changedRules[id] = rules
  })
}

function spoken({ protocol, fromPort, toPort, peer }: Rule): string {
  const ports = fromPort === undefined ? '' : `, from port: ${fromPort}, to port: ${toPort}`
  const name = protocol === '-1' ? 'ALL' : protocol.toUpperCase()
  return `peer: ${'cidr' in peer ? peer.cidr : peer.group}, ${name}${ports}, ALLOW`
}
