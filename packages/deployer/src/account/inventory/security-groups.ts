import type { SecurityGroupDescription } from '../ports.ts'
import type { Found, View } from './inventory.ts'
import type { Held } from './item.ts'

/** The tag that Beanstalk puts on what it makes for an environment (facts sheet §7). */
const ENVIRONMENT_ID = 'elasticbeanstalk:environment-id'

/** Security groups that a termination left behind: those of environments that still are go with them. */
export async function findSecurityGroups(view: View): Promise<Found> {
  const living = new Set(view.live.map(({ id }) => id))
  const gone = view.past.flatMap(({ id, name }) => (id && !living.has(id) ? [{ id, name }] : []))
  const found = await Promise.all(gone.map((environment) => groupsOf(view, environment)))
  return { items: found.flat() }
}

/** The groups of one environment, each with the groups of others whose rules name it: those keep AWS from deleting it. */
export async function groupsOf(
  { cloud, signal }: Pick<View, 'cloud' | 'signal'>,
  { id, name }: { id: string; name: string },
): Promise<Held<'security-group'>[]> {
  const groups = await cloud.network.describeSecurityGroups(
    { tag: { name: ENVIRONMENT_ID, value: id } },
    signal,
  )
  return Promise.all(
    groups.map(async (group) => ({
      ...{ kind: 'security-group' as const, name: group.id, environment: name },
      referencedBy: (await cloud.network.describeSecurityGroups({ references: group.id }, signal))
        .filter((other) => other.id !== group.id && !isOf(other, id))
        .map((other) => ({ id: other.id, name: other.name })),
    })),
  )
}

function isOf({ tags }: SecurityGroupDescription, environmentId: string): boolean {
  return tags[ENVIRONMENT_ID] === environmentId
}

/** The command that takes the rules of a group that name another one away, and nothing else of it. */
export function revokeCommand(holder: string, group: string): string {
  const query = `SecurityGroupRules[?ReferencedGroupInfo.GroupId=='${group}' && !IsEgress].SecurityGroupRuleId`
  const rules = `aws ec2 describe-security-group-rules --filters Name=group-id,Values=${holder} --query "${query}" --output text`
  return `aws ec2 revoke-security-group-ingress --group-id ${holder} --security-group-rule-ids $(${rules})`
}
