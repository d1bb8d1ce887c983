import type { IpPermission } from '@aws-sdk/client-ec2'
import { isDeepStrictEqual } from 'node:util'
import { invalidParameter } from './errors.ts'
import { newRule } from './world.ts'
import type { Rule } from './world/model.ts'

/** Rules as the service tells them: those of one protocol and port range together. */
export function permissionsOf(rules: readonly Rule[], accountId: string): IpPermission[] {
  const byRange = new Map<string, Rule[]>()
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort ?? ''} ${rule.toPort ?? ''}`
    byRange.set(key, [...(byRange.get(key) ?? []), rule])
  }
  return [...byRange.values()].map((same) => {
    const [{ protocol, fromPort, toPort }] = same as [Rule]
    return {
      IpProtocol: protocol,
      ...(fromPort === undefined ? {} : { FromPort: fromPort }),
      ...(toPort === undefined ? {} : { ToPort: toPort }),
      IpRanges: same.flatMap(({ peer, description }) =>
        'cidr' in peer && !peer.cidr.includes(':') ? [{ CidrIp: peer.cidr, Description: description }] : [],
      ),
      Ipv6Ranges: same.flatMap(({ peer, description }) =>
        'cidr' in peer && peer.cidr.includes(':') ? [{ CidrIpv6: peer.cidr, Description: description }] : [],
      ),
      UserIdGroupPairs: same.flatMap(({ peer, description }) =>
        'group' in peer ? [{ GroupId: peer.group, UserId: accountId, Description: description }] : [],
      ),
      PrefixListIds: [],
    }
  })
}

/** What a request to open or close names: permissions, or one permission in the older, flat form. */
export interface RuleRequest {
  IpPermissions?: IpPermission[] | undefined
  IpProtocol?: string | undefined
  FromPort?: number | undefined
  ToPort?: number | undefined
  CidrIp?: string | undefined
  SourceSecurityGroupName?: string | undefined
}

/** The rules that a request means: one for each source. `groupNamed` finds a group's id by its name. */
export function readRules(request: RuleRequest, groupNamed: (name: string) => string): Rule[] {
  const { IpPermissions, IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName } = request
  const flat: IpPermission = {
    IpProtocol,
    FromPort,
    ToPort,
    IpRanges: CidrIp === undefined ? [] : [{ CidrIp }],
    UserIdGroupPairs: SourceSecurityGroupName === undefined ? [] : [{ GroupName: SourceSecurityGroupName }],
  }
  const rules = (IpPermissions ?? [flat]).flatMap((permission) => rulesOf(permission, groupNamed))
  if (rules.length === 0) throw invalidParameter('The request must name at least one source to allow.')
  return rules
}

function rulesOf(permission: IpPermission, groupNamed: (name: string) => string): Rule[] {
  const { IpProtocol = '-1', FromPort, ToPort, IpRanges, Ipv6Ranges, UserIdGroupPairs } = permission
  const range = {
    protocol: IpProtocol,
    ...(FromPort === undefined ? {} : { fromPort: FromPort }),
    ...(ToPort === undefined ? {} : { toPort: ToPort }),
  }
  const made = (peer: Rule['peer'], description: string | undefined) =>
    newRule({ ...range, peer, ...(description === undefined ? {} : { description }) })
  return [
    ...(IpRanges ?? []).map(({ CidrIp = '', Description }) => made({ cidr: CidrIp }, Description)),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 = '', Description }) => made({ cidr: CidrIpv6 }, Description)),
    ...(UserIdGroupPairs ?? []).map(({ GroupId, GroupName, Description }) =>
      made({ group: GroupId ?? groupNamed(GroupName ?? '') }, Description),
    ),
  ]
}

/** Whether two rules let the same in; ids and descriptions don't count. */
export const isSameRule = (a: Rule, b: Rule): boolean =>
  a.protocol === b.protocol &&
  a.fromPort === b.fromPort &&
  a.toPort === b.toPort &&
  isDeepStrictEqual(a.peer, b.peer)
