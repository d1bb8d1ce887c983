import { isPassing, lookUntil, type Waiting } from '../beanstalk/poll.ts'
import { CloudError, PlatformError } from '../errors.ts'
import { ownTags } from './ownership.ts'
import type { Roles } from './ports.ts'
import { policiesToAttach, type RoleSeen, type RolesSeen } from './roles-seen.ts'

/** IAM's answer to making what is there. */
const ALREADY = ['EntityAlreadyExists']

/** One thing that a deploy will make, in the words of its plan. */
export interface Lack {
  name: string
  reason: string
}

/** What is missing of the roles and will be made, in the order in which it is made. */
export function lacksOfRoles({ instance, service }: RolesSeen): Lack[] {
  const { profile, profileName, makeable } = instance
  return [
    ...lacksOfRole(instance),
    ...(makeable && !profile
      ? [{ name: `create instance profile ${profileName}`, reason: 'no instance starts without one' }]
      : []),
    ...(makeable && !profile?.roles.length
      ? [
          {
            name: `put role ${instance.needed.name} into that profile`,
            reason: 'a profile gives instances the rights of its role',
          },
        ]
      : []),
    ...lacksOfRole(service),
  ]
}

function lacksOfRole(seen: RoleSeen): Lack[] {
  const { needed, found, makeable } = seen
  const attach = policiesToAttach(seen).map((arn) => ({
    name: `attach ${arn.slice(arn.lastIndexOf('/') + 1)} to ${needed.name}`,
    reason: needed.policies.find((policy) => policy.arn === arn)?.reason ?? '',
  }))
  if (found || !makeable) return attach
  return [
    { name: `create role ${needed.name}`, reason: `${needed.service} has no role to take on` },
    ...attach,
  ]
}

/**
 * Makes what is missing of the roles, and waits until the profile has its role. May be interrupted anywhere and run again, also beside another
 * lucree that does the same: what the other one made meanwhile is as good.
 */
export async function makeRoles(
  roles: Roles,
  seen: RolesSeen,
  { application, waiting }: { application: string; waiting: Waiting },
): Promise<{ serviceRoleArn: string | undefined }> {
  const making = { roles, tags: ownTags(application), waiting }
  const [serviceRoleArn] = await Promise.all([
    makeRole(seen.service, making),
    makeInstanceProfile(seen.instance, making),
  ])
  return { serviceRoleArn }
}

interface Making {
  roles: Roles
  tags: Record<string, string>
  waiting: Waiting
}

/** Answers the role's ARN; undefined when it is there and may not be looked at. */
async function makeRole(seen: RoleSeen, { roles, tags, waiting }: Making): Promise<string | undefined> {
  const { found, makeable } = seen
  const { name, description, trust } = seen.needed
  const create = () => roles.createRole({ name, description, trust, tags }, waiting.signal)
  const arn = found?.arn ?? (makeable ? await orThere(ALREADY, create) : undefined)
  for (const policy of policiesToAttach(seen)) {
    await onceVisible(waiting, () => roles.attachPolicy(name, policy, waiting.signal))
  }
  if (arn !== undefined || !makeable) return arn
  return (await roles.describeRole(name, waiting.signal))?.arn
}

async function makeInstanceProfile(seen: RolesSeen['instance'], making: Making): Promise<void> {
  const { roles, tags, waiting } = making
  const { profile, profileName, needed } = seen
  await makeRole(seen, making)
  if (!seen.makeable || profile?.roles.length) return
  if (!profile) await orThere(ALREADY, () => roles.createProfile({ name: profileName, tags }, waiting.signal))
  await onceVisible(waiting, () =>
    orThere([...ALREADY, 'LimitExceeded'], () =>
      roles.addRoleToProfile(profileName, needed.name, waiting.signal),
    ),
  )
  const usable = await lookUntil(waiting, async () => {
    const now = await roles.describeProfile(profileName, waiting.signal)
    return now?.roles.length ? now : undefined
  })
  if (!usable) throw late(profileName)
}

/** Somebody else may have made it meanwhile; a profile takes one role, so a second one is refused as over the limit. */
async function orThere<T>(codes: string[], make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make()
  } catch (error) {
    if (!hasCode(error, ...codes)) throw error
    return undefined
  }
}

/** IAM shows what it has just made only after seconds (facts sheet §2.2): a call that needs it is sent again until it does. */
async function onceVisible(waiting: Waiting, call: () => Promise<void>): Promise<void> {
  const done = await lookUntil(waiting, async () => {
    try {
      await call()
      return true
    } catch (error) {
      if (isPassing(error) || !hasCode(error, 'NoSuchEntity')) throw error
      return undefined
    }
  })
  if (!done) throw late('what was just made')
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof CloudError && codes.includes((error.awsCode ?? '').replace(/Exception$/, ''))
}

function late(name: string): PlatformError {
  return new PlatformError(`IAM does not show ${name} yet`, {
    code: 'LUC-ACCOUNT-IAM-LATE',
    why: 'it was made a minute ago, and IAM takes seconds, rarely minutes, to spread it',
    hints: ['lucree deploy   # carries on'],
  })
}
