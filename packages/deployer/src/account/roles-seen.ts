import type { CheckResult } from './checks/check.ts'
import type { NeededRole } from './needed-roles.ts'
import { isOwn } from './ownership.ts'
import type { ProfileDescription, RoleDescription } from './ports.ts'

/** One role as it was found, beside what is needed. */
export interface RoleSeen {
  needed: NeededRole
  found: RoleDescription | undefined
  /** Lucree may make it, and complete it when lucree made it: nobody named another, and `--no-iam` wasn't said. */
  makeable: boolean
}

export interface RolesSeen {
  instance: RoleSeen & {
    /** Name or ARN that the environment gets. */
    profileName: string
    profile: ProfileDescription | undefined
  }
  service: RoleSeen & { roleName: string }
  results: CheckResult[]
}

/** Policies of a role that aren't attached and that lucree may attach: of a role that it makes or has made. */
export function policiesToAttach({ needed, found, makeable }: RoleSeen): string[] {
  if (!makeable || (found && !isOwn(found))) return []
  return policiesMissing({ needed, found })
}

export function policiesMissing({ needed, found }: Pick<RoleSeen, 'needed' | 'found'>): string[] {
  return needed.policies.flatMap(({ arn }) => (found?.policies.includes(arn) ? [] : [arn]))
}

/** IAM's calls take names alone: the last part of an ARN. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
}
