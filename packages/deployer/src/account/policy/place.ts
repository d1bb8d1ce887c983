/** What a policy is filled in with; what isn't known is `*`. */
export interface Whereabouts {
  accountId: string
  region: string
  application: string
}

/** A kind of thing that rights are given on. */
export type Place = keyof typeof places

export const NOWHERE: Whereabouts = { accountId: '*', region: '*', application: '*' }

/** Names of the roles that lucree makes (facts sheet §2.1); a right to make or pass any other would be a right to become an administrator. */
const ROLES = ['aws-elasticbeanstalk-ec2-role', 'aws-elasticbeanstalk-service-role']
const PROFILE = 'aws-elasticbeanstalk-ec2-role'
/** Services whose own roles come into being with the first environment of an account (facts sheet §2.1). */
const LINKED = ['autoscaling', 'elasticbeanstalk', 'elasticloadbalancing']

/** Resources of a policy for each place. Beanstalk names what an environment is made of `awseb-…`. */
const places = {
  anything: () => ['*'],
  /** The application with its environments, versions and templates. */
  application: ({ region, accountId, application }: Whereabouts) => {
    const things = `arn:${partition(region)}:elasticbeanstalk:${region}:${accountId}:*/${application}`
    return application === '*' ? [things] : [things, `${things}/*`]
  },
  bucket: (at: Whereabouts) => [bucketArn(at)],
  objects: (at: Whereabouts) => [`${bucketArn(at)}/*`],
  platformFiles: ({ region }: Whereabouts) => [
    `arn:${partition(region)}:s3:::elasticbeanstalk-platform-assets-${region}/*`,
  ],
  roles: (at: Whereabouts) => ROLES.map((name) => iamArn(at, `role/${name}`)),
  profile: (at: Whereabouts) => [iamArn(at, `instance-profile/${PROFILE}`)],
  linkedRoles: (at: Whereabouts) =>
    LINKED.map((service) => iamArn(at, `role/aws-service-role/${service}.amazonaws.com/*`)),
  stacks: (at: Whereabouts) => [arn(at, 'cloudformation', 'stack/awseb-*')],
  groups: (at: Whereabouts) => [arn(at, 'autoscaling', 'autoScalingGroup:*:autoScalingGroupName/awseb-*')],
  loadBalancers: (at: Whereabouts) => [arn(at, 'elasticloadbalancing', '*/awseb-*')],
  alarms: (at: Whereabouts) => [arn(at, 'cloudwatch', 'alarm:awseb-*')],
  topics: (at: Whereabouts) => [arn(at, 'sns', 'ElasticBeanstalkNotifications-*')],
  logGroups: (at: Whereabouts) => [arn(at, 'logs', 'log-group:/aws/elasticbeanstalk/*')],
} as const satisfies Record<string, (at: Whereabouts) => string[]>

/** Resource patterns of a place, as a policy lists them. */
export function resourcesOf(place: Place, at: Whereabouts): string[] {
  return places[place](at)
}

/** Things that a place's patterns match, to ask a simulation about: it takes names, not patterns. */
export function examplesOf(place: Place, at: Whereabouts): string[] {
  const patterns = resourcesOf(place, at)
  if (place === 'anything') return patterns
  if (place !== 'application') return patterns.map((pattern) => pattern.replaceAll('*', 'lucree'))
  // Of the two patterns the one of environments: most rights on an application are rights on these.
  const application = patterns[0]?.replace(':*/', ':environment/') ?? ''
  return [`${application}/lucree`.replaceAll('*', 'lucree')]
}

function arn({ region, accountId }: Whereabouts, service: string, resource: string): string {
  return `arn:${partition(region)}:${service}:${region}:${accountId}:${resource}`
}

function iamArn({ region, accountId }: Whereabouts, resource: string): string {
  return `arn:${partition(region)}:iam::${accountId}:${resource}`
}

/** The bucket's name is Beanstalk's rule (facts sheet §2.6). */
function bucketArn({ region, accountId }: Whereabouts): string {
  return `arn:${partition(region)}:s3:::elasticbeanstalk-${region}-${accountId}`
}

/** First part of every ARN: China and the two US government regions are worlds of their own. */
function partition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
