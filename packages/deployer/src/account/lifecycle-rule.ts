import type { VersionLifecycle } from '../beanstalk/ports.ts'

/**
 * How many versions an application keeps. The service's cap is 1,000 in a region, over all applications, and once it is met no rule helps
 * (facts sheet §3.2): 200, the EB CLI's own suggestion, leaves room for five applications. Versions that an environment runs are never removed.
 */
const KEPT_VERSIONS = 200

/** The rule of an application that lucree makes: the oldest version and its bundle go when a new one comes. */
export function versionLifecycle(serviceRoleArn: string): VersionLifecycle {
  return { serviceRoleArn, keep: KEPT_VERSIONS, deleteBundles: true }
}
