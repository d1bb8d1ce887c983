import { expect, test } from 'vitest'
import type { OptionSetting } from '../../src/beanstalk/option-settings.ts'
import { stayingKeys } from '../../src/deploy/staying.ts'
import { balancedTarget, deployTarget } from '../deploy-target.ts'

const setting = (namespace: string, name: string, value: string): OptionSetting => ({
  namespace,
  name,
  value,
})
const SETTINGS = [
  setting('aws:ec2:vpc', 'VPCId', 'vpc-1'),
  setting('aws:ec2:vpc', 'Subnets', 'subnet-b,subnet-a'),
  setting('aws:ec2:vpc', 'ELBSubnets', 'subnet-a,subnet-b'),
  setting('aws:autoscaling:launchconfiguration', 'IamInstanceProfile', 'profile'),
  setting(
    'aws:elasticbeanstalk:environment',
    'ServiceRole',
    'arn:aws:iam::111122223333:role/service-role/beanstalk',
  ),
]
const network = { vpc: 'vpc-1', subnets: ['subnet-a', 'subnet-b'], balancerSubnets: ['subnet-a', 'subnet-b'] }

test('what the project file doesn’t name, or names as it is, is nothing to tell', () => {
  expect(stayingKeys(deployTarget(), SETTINGS)).toEqual([])
  const named = { network, serviceRole: 'beanstalk' }
  const instanceProfile = 'arn:aws:iam::111122223333:instance-profile/profile'
  expect(stayingKeys(balancedTarget({ ...named, instanceProfile }), SETTINGS)).toEqual([])
})

test('what it names otherwise is told by its key', () => {
  const other = { ...network, subnets: ['subnet-a', 'subnet-c'], balancerSubnets: ['subnet-c'] }
  const asked = { network: other, serviceRole: 'mine', managedUpdates: 'Sun:03:00' }
  expect(stayingKeys(balancedTarget(asked), SETTINGS)).toEqual([
    'subnets',
    'elbSubnets',
    'serviceRole',
    'managedUpdates',
  ])
  expect(stayingKeys(deployTarget({ network: other }), SETTINGS)).toEqual(['subnets'])
})
