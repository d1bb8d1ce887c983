import { type OptionKey, type OptionSetting, valueOf } from '../beanstalk/option-settings.ts'
import type { DeployTarget } from '../config/target.ts'

interface NewOnly {
  /** Its name in `lucree.json`. */
  key: string
  option: OptionKey
  asked: (target: DeployTarget) => string | string[] | undefined
}

/** What the project file says of a new environment, and no deploy changes of one that is there: Beanstalk would replace all of it, or cut it off. */
const NEW_ONLY: readonly NewOnly[] = [
  {
    key: 'vpc',
    option: { namespace: 'aws:ec2:vpc', name: 'VPCId' },
    asked: ({ network }) => network?.vpc,
  },
  {
    key: 'subnets',
    option: { namespace: 'aws:ec2:vpc', name: 'Subnets' },
    asked: ({ network }) => network?.subnets,
  },
  {
    key: 'elbSubnets',
    option: { namespace: 'aws:ec2:vpc', name: 'ELBSubnets' },
    asked: ({ network, type }) => (type === 'single' ? undefined : network?.balancerSubnets),
  },
  {
    key: 'instanceProfile',
    option: { namespace: 'aws:autoscaling:launchconfiguration', name: 'IamInstanceProfile' },
    asked: ({ instanceProfile }) => instanceProfile,
  },
  {
    key: 'serviceRole',
    option: { namespace: 'aws:elasticbeanstalk:environment', name: 'ServiceRole' },
    asked: ({ serviceRole }) => serviceRole,
  },
  {
    key: 'managedUpdates',
    option: { namespace: 'aws:elasticbeanstalk:managedactions', name: 'PreferredStartTime' },
    asked: ({ managedUpdates }) => managedUpdates,
  },
]

/** Keys of the project file that ask for something else than an environment has which is there, and that count for a new one only. Pure. */
export function stayingKeys(target: DeployTarget, settings: OptionSetting[]): string[] {
  return NEW_ONLY.filter(({ asked, option }) => {
    const wanted = asked(target)
    return wanted !== undefined && namesOf(wanted) !== namesOf(valueOf(settings, option) ?? '')
  }).map(({ key }) => key)
}

/** Names in no order, separated by commas; of an ARN its last name, since either is given. */
function namesOf(value: string | string[]): string {
  const names = typeof value === 'string' ? value.split(',') : value
  return names
    .map((name) => (name.startsWith('arn:') ? name.slice(name.lastIndexOf('/') + 1) : name).trim())
    .sort()
    .join(',')
}
