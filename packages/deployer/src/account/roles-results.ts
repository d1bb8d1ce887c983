import type { CheckResult } from './checks/check.ts'
import type { NeededRole } from './needed-roles.ts'
import { policiesMissing, policiesToAttach, type RoleSeen, type RolesSeen, shortName } from './roles-seen.ts'
import { trusts } from './trust.ts'

/** What was found of the instance profile, as the line that `doctor` shows and that may stop a deploy. */
export function instanceProfileResult(seen: RolesSeen['instance']): CheckResult {
  const name = 'instance profile'
  const { profile, makeable, needed } = seen
  const profileName = shortName(seen.profileName)
  if (!profile && !makeable) {
    return {
      ...{ name, state: 'failed', code: 'LUC-ACCOUNT-NO-PROFILE' },
      found: `There is no instance profile ${profileName}`,
      why: 'no instance starts without one, and lucree was told not to make it',
      mend: [
        ...(profileName === needed.name ? ['lucree deploy   # without --no-iam makes it'] : []),
        ...creating({ ...needed, name: profileName }),
        `aws iam create-instance-profile --instance-profile-name ${profileName}`,
        `aws iam add-role-to-instance-profile --instance-profile-name ${profileName} --role-name ${profileName}`,
      ],
    }
  }
  if (profile && !seen.found && !makeable) {
    return {
      ...{ name, state: 'failed', code: 'LUC-ACCOUNT-EMPTY-PROFILE' },
      found: `The instance profile ${profileName} has no role`,
      why: 'instances could do nothing, not even report to Beanstalk',
      mend: [
        `aws iam add-role-to-instance-profile --instance-profile-name ${profileName} --role-name <role>`,
      ],
    }
  }
  return roleResult(
    name,
    seen,
    profile ? `${profileName} with ${profile.roles[0] ?? needed.name}` : needed.name,
  )
}

export function serviceRoleResult(seen: RolesSeen['service']): CheckResult {
  const name = 'service role'
  const roleName = shortName(seen.roleName)
  if (!seen.found && !seen.makeable) {
    return {
      ...{ name, state: 'failed', code: 'LUC-ACCOUNT-NO-SERVICE-ROLE' },
      found: `There is no role ${roleName}`,
      why: 'Beanstalk acts in the account with it, and lucree was told not to make it',
      mend: [
        ...(roleName === seen.needed.name ? ['lucree deploy   # without --no-iam makes it'] : []),
        ...creating({ ...seen.needed, name: roleName }),
      ],
    }
  }
  return roleResult(name, seen, roleName)
}

function roleResult(name: string, seen: RoleSeen, words: string): CheckResult {
  const { needed, found } = seen
  if (found && !trusts(found.trust, needed.service)) {
    return {
      ...{ name, state: 'failed', code: 'LUC-ACCOUNT-WRONG-TRUST' },
      found: `The role ${found.name} can't be assumed by ${needed.service}`,
      why: 'its trust policy names somebody else, and lucree changes no role that it found',
      mend: [
        `aws iam update-assume-role-policy --role-name ${found.name} --policy-document ${quoted(needed.trust)}`,
        `name another in lucree.json: "${name === 'service role' ? 'serviceRole' : 'instanceProfile'}".`,
      ],
    }
  }
  const making = policiesToAttach(seen)
  if (!found) return { name, state: 'ok', found: `${words} is missing; a deploy makes it`, mend: [] }
  if (making.length > 0) {
    return {
      name,
      state: 'ok',
      found: `${words}; a deploy attaches ${making.map(shortName).join(', ')}`,
      mend: [],
    }
  }
  const missing = policiesMissing(seen)
  if (missing.length === 0) return { name, state: 'ok', found: words, mend: [] }
  return {
    ...{ name, state: 'warning', code: 'LUC-ACCOUNT-ROLE-LACKS' },
    found: `${words} has no ${missing.map(shortName).join(' and no ')}`,
    why: needed.policies
      .filter(({ arn }) => missing.includes(arn))
      .map(({ arn, reason }) => `${shortName(arn)}: ${reason}`)
      .join('; '),
    mend: missing.map((arn) => attaching(found.name, arn)),
  }
}

/** The commands that make a role as it is needed. */
function creating({ name, trust, policies }: NeededRole): string[] {
  return [
    `aws iam create-role --role-name ${name} --assume-role-policy-document ${quoted(trust)}`,
    ...policies.map(({ arn }) => attaching(name, arn)),
  ]
}

function attaching(role: string, arn: string): string {
  return `aws iam attach-role-policy --role-name ${role} --policy-arn ${arn}`
}

function quoted(document: object): string {
  return `'${JSON.stringify(document)}'`
}
