import { INSTANCE_PROFILE, SERVICE_ROLE } from '../beanstalk/options.ts'
import { PermissionError } from '../errors.ts'
import type { Check, CheckResult } from './checks/check.ts'
import type { AccountContext } from './context.ts'
import { instanceRole, serviceRole } from './needed-roles.ts'
import type { Roles } from './ports.ts'
import { instanceProfileResult, serviceRoleResult } from './roles-results.ts'
import { type RolesSeen, shortName } from './roles-seen.ts'

/**
 * Looks at the instance profile with its role, and at the service role; changes nothing. What is there is used as it is. Without the right to look,
 * it is an error only where lucree would have to make something.
 */
export async function lookAtRoles(context: AccountContext, signal: AbortSignal): Promise<RolesSeen> {
  const [instance, service] = await Promise.all([
    lookAtInstanceRole(context, signal),
    lookAtServiceRole(context, signal),
  ])
  const results = [
    instance.denied ?? instanceProfileResult(instance.seen),
    service.denied ?? serviceRoleResult(service.seen),
  ]
  return { instance: instance.seen, service: service.seen, results }
}

export const rolesCheck: Check<AccountContext> = {
  name: 'roles',
  run: async (context, signal) => (await lookAtRoles(context, signal)).results,
}

async function lookAtInstanceRole(
  { target, cloud, image, makesRoles = true }: AccountContext,
  signal: AbortSignal,
) {
  const profileName = target.instanceProfile ?? INSTANCE_PROFILE
  const makeable = makesRoles && target.instanceProfile === undefined
  const seen: RolesSeen['instance'] = {
    ...{ needed: instanceRole(image), makeable, profileName },
    ...{ profile: undefined, found: undefined },
  }
  const denied = await unlessDenied('instance profile', makeable, async () => {
    seen.profile = await cloud.roles.describeProfile(shortName(profileName), signal)
    const role = seen.profile?.roles[0] ?? (makeable ? INSTANCE_PROFILE : undefined)
    seen.found = role === undefined ? undefined : await describe(cloud.roles, role, signal)
  })
  return { seen, denied }
}

async function lookAtServiceRole({ target, cloud, makesRoles = true }: AccountContext, signal: AbortSignal) {
  const roleName = target.serviceRole ?? SERVICE_ROLE
  const makeable = makesRoles && target.serviceRole === undefined
  const seen: RolesSeen['service'] = { needed: serviceRole, makeable, roleName, found: undefined }
  const denied = await unlessDenied('service role', makeable, async () => {
    seen.found = await describe(cloud.roles, roleName, signal)
  })
  return { seen, denied }
}

function describe(roles: Roles, name: string, signal: AbortSignal) {
  return roles.describeRole(shortName(name), signal)
}

/** The line that says why nothing is known; thrown on where something may have to be made. */
async function unlessDenied(
  name: string,
  makeable: boolean,
  look: () => Promise<void>,
): Promise<CheckResult | undefined> {
  try {
    await look()
    return undefined
  } catch (error) {
    if (makeable || !(error instanceof PermissionError) || error.code !== 'LUC-AWS-DENIED') throw error
    return {
      ...{
        name,
        state: 'unknown',
        found: `these credentials may not look at the ${name}`,
        mend: error.hints,
      },
      ...(error.why === undefined ? {} : { why: error.why }),
    }
  }
}
