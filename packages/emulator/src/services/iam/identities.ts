import type { Clock } from '../../clock.ts'
import { findServiceLinked, SERVICE_LINKED_ROLES, serviceLinkedRole } from './service-linked.ts'
import type { IamStore, Role } from './state.ts'

/** A role as another service sees it. */
export interface SeenRole {
  name: string
  arn: string
  /** The trust policy, JSON. */
  trust: string
}

/** An instance profile as another service sees it. */
export interface SeenProfile {
  name: string
  arn: string
  role: SeenRole | undefined
}

/**
 * IAM as the other services of the account see it: changes of roles and profiles reach them late (IAM user guide, "changes that I make are
 * not always immediately visible"), here by the scenario's `iamDelayMs`. IAM's own answers show them at once.
 */
export interface Identities {
  /** By name or ARN; undefined when there is none, or none that is seen yet. */
  instanceProfile(nameOrArn: string): SeenProfile | undefined
  /** By name or ARN; undefined when there is none, or none that is seen yet. */
  role(nameOrArn: string): SeenRole | undefined
  /** The service's own role, made when it isn't there (a service makes it on first use). */
  ensureServiceLinkedRole(service: keyof typeof SERVICE_LINKED_ROLES): Promise<void>
}

export function identitiesOf(
  store: IamStore,
  { accountId, clock, delayMs }: { accountId: string; clock: Clock; delayMs: number },
): Identities {
  const isSeen = (at: string) => clock.now().getTime() - new Date(at).getTime() >= delayMs
  const find = <One extends { name: string; arn: string }>(all: readonly One[], nameOrArn: string) =>
    all.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn)
  const seen = (role: Role | undefined): SeenRole | undefined =>
    role && isSeen(role.createdAt) ? { name: role.name, arn: role.arn, trust: role.trust } : undefined
  return {
    instanceProfile(nameOrArn) {
      const profile = find(store.value.profiles, nameOrArn)
      if (!profile || !isSeen(profile.createdAt)) return undefined
      const added = profile.role && isSeen(profile.role.addedAt) ? profile.role.name : undefined
      const role = added === undefined ? undefined : seen(find(store.value.roles, added))
      return { name: profile.name, arn: profile.arn, role }
    },
    role: (nameOrArn) => seen(find(store.value.roles, nameOrArn)),
    async ensureServiceLinkedRole(service) {
      if (findServiceLinked(store.value, service)) return
      await store.change((state) => {
        const name = SERVICE_LINKED_ROLES[service]
        if (name === undefined || findServiceLinked(state, service)) return
        state.roles.push(serviceLinkedRole(service, name, { accountId, now: clock.now().toISOString() }))
      })
    },
  }
}
