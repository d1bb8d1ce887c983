import { INSTANCE_PROFILE, SERVICE_ROLE } from '../../beanstalk/options.ts'
import { LucreeError } from '../../errors.ts'
import { isOwn } from '../ownership.ts'
import type { Found, View } from './inventory.ts'
import type { Held, Staying } from './item.ts'

type HeldRole = Extract<Held, { kind: 'instance-profile' | 'role' }>

/**
 * Roles and instance profile that lucree made. They are the account's, for all regions: while another application is there, wherever, they stay,
 * because its instances would lose their rights.
 */
export async function findRoles(view: View): Promise<Found> {
  const { cloud, signal } = view
  const [profile, ...roles] = await Promise.all([
    cloud.roles.describeProfile(INSTANCE_PROFILE, signal),
    cloud.roles.describeRole(INSTANCE_PROFILE, signal),
    cloud.roles.describeRole(SERVICE_ROLE, signal),
  ])
  const own: HeldRole[] = []
  const kept: Staying[] = []
  const keep = ({ kind, name }: HeldRole, why: string) => kept.push({ kind, name, why })
  if (profile) {
    const held: HeldRole = { kind: 'instance-profile', name: profile.name, roles: profile.roles }
    if (isOwn(profile)) own.push(held)
    else keep(held, FOUND)
  }
  for (const role of roles) {
    if (!role) continue
    const held: HeldRole = { kind: 'role', name: role.name, policies: role.policies }
    const within = profile && !isOwn(profile) && profile.roles.includes(role.name)
    if (!isOwn(role)) keep(held, FOUND)
    else if (within) keep(held, `the instance profile ${profile.name}, which lucree did not make, uses it`)
    else own.push(held)
  }
  const why = own.length > 0 ? await otherUser(view) : undefined
  if (why === undefined) return { items: own, kept }
  for (const held of own) keep(held, why)
  return { items: [], kept }
}

const FOUND = 'lucree found it and did not make it'

/** Why the roles can't go; undefined when nobody else is there. */
async function otherUser({ cloud, signal, others }: View): Promise<string | undefined> {
  const [other] = others
  if (other !== undefined) return `the application ${other} may use it`
  try {
    const [elsewhere] = await cloud.regions.applicationsElsewhere(signal)
    return elsewhere && `the application ${elsewhere.name} in ${elsewhere.region} may use it`
  } catch (error) {
    if (!(error instanceof LucreeError) || signal.aborted) throw error
    return `lucree could not see whether an application of another region uses it: ${error.why ?? error.message}`
  }
}
