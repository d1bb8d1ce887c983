import type { Context } from '../context.ts'
import { isSingleInstance, valueOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'

/**
 * Why no instance can get its role, in Beanstalk's words (facts sheet §2.2); undefined when it can. A profile that was just made, or that got its
 * role just now, isn't seen for a while where IAM is slow; one without a role is told of like one that isn't there [?].
 */
export function profileProblem(
  { identities }: Pick<Context, 'identities'>,
  settings: readonly Setting[],
): string | undefined {
  const profile = valueOf(settings, 'aws:autoscaling:launchconfiguration', 'IamInstanceProfile')
  if (profile === '') return 'Environment must have instance profile associated with it.'
  if (!identities || identities.instanceProfile(profile)?.role) return undefined
  return `The instance profile ${profile.split('/').at(-1)} associated with the environment does not exist.`
}

/** The roles that services make for themselves when an account's first environment needs them (facts sheet §2.1). */
export async function ensureServiceRoles(
  { identities }: Pick<Context, 'identities'>,
  settings: readonly Setting[],
): Promise<void> {
  const services = [
    'autoscaling.amazonaws.com',
    ...(valueOf(settings, 'aws:elasticbeanstalk:environment', 'ServiceRole') === ''
      ? ['elasticbeanstalk.amazonaws.com']
      : []),
    ...(isSingleInstance(settings) ? [] : ['elasticloadbalancing.amazonaws.com']),
  ]
  for (const service of services) await identities?.ensureServiceLinkedRole(service)
}
