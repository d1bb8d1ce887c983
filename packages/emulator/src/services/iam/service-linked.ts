import { uniqueId } from './ids.ts'
import { isServiceLinked } from './context.ts'
import type { IamState, Role } from './state.ts'

/** The services around a Beanstalk that have a role of their own in every account that uses them (facts sheet §2.1). */
export const SERVICE_LINKED_ROLES: Readonly<Record<string, string>> = {
  'elasticbeanstalk.amazonaws.com': 'AWSServiceRoleForElasticBeanstalk',
  'maintenance.elasticbeanstalk.amazonaws.com': 'AWSServiceRoleForElasticBeanstalkMaintenance',
  'managedupdates.elasticbeanstalk.amazonaws.com': 'AWSServiceRoleForElasticBeanstalkManagedUpdates',
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
}

const POLICIES: Readonly<Record<string, string>> = {
  'elasticbeanstalk.amazonaws.com':
    'arn:aws:iam::aws:policy/aws-service-role/AWSElasticBeanstalkServiceRolePolicy',
}

export const serviceLinkedPath = (service: string): string => `/aws-service-role/${service}/`

export const findServiceLinked = ({ roles }: IamState, service: string): Role | undefined =>
  roles.find((role) => isServiceLinked(role) && role.path === serviceLinkedPath(service))

/** The role of a service as AWS makes it; `now` is ISO 8601. */
export function serviceLinkedRole(
  service: string,
  name: string,
  { accountId, now, description }: { accountId: string; now: string; description?: string | undefined },
): Role {
  const path = serviceLinkedPath(service)
  return {
    ...{ name, path },
    id: uniqueId('AROA'),
    arn: `arn:aws:iam::${accountId}:role${path}${name}`,
    createdAt: now,
    changedAt: now,
    tags: [],
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    }),
    maxSession: 3600,
    attached: POLICIES[service] === undefined ? [] : [POLICIES[service]],
    inline: [],
    ...(description === undefined ? {} : { description }),
  }
}
