import type { Held } from '../inventory/item.ts'
import type { AccountCloud } from '../ports.ts'

/** What is removed one by one; environments take minutes and are terminated by the story itself, objects go by the thousand. */
export type Single = Exclude<Held, { kind: 'environment' | 'object' }>

/** Removes one thing. One that is gone already is as good, so that every removal may be repeated. */
export async function removeItem(
  cloud: AccountCloud,
  application: string,
  held: Single,
  signal: AbortSignal,
): Promise<void> {
  const { beanstalk, buckets, configurations, logGroups, network, roles } = cloud
  switch (held.kind) {
    case 'saved-configuration':
      return configurations.remove(application, held.name, signal)
    case 'version':
      // The bundle goes after it, by lucree: Beanstalk can't tell whether another version is made of it.
      return beanstalk.deleteVersion(application, held.label, false, signal)
    case 'upload':
      return buckets.abortUpload({ bucket: held.bucket, ...held.upload }, signal)
    case 'log-group':
      return logGroups.remove(held.name, signal)
    case 'security-group':
      return network.deleteSecurityGroup(held.name, signal)
    case 'application':
      return beanstalk.deleteApplication(held.name, signal)
    case 'instance-profile':
      for (const role of held.roles) await roles.removeRoleFromProfile(held.name, role, signal)
      return roles.deleteProfile(held.name, signal)
    case 'role':
      for (const policy of held.policies) await roles.detachPolicy(held.name, policy, signal)
      return roles.deleteRole(held.name, signal)
    case 'bucket':
      return buckets.remove(held.name, signal)
  }
}
