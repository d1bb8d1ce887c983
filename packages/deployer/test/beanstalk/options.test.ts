import { expect, test } from 'vitest'
import {
  ENVIRONMENT_OPTIONS,
  environmentSettings,
  followedSettings,
  type Ground,
} from '../../src/beanstalk/options.ts'
import { optionId } from '../../src/beanstalk/option-settings.ts'
import { outageOf } from '../../src/deploy/effects.ts'
import { balancedTarget, deployTarget } from '../deploy-target.ts'

const single = deployTarget({ healthCheck: '/health' })
const balanced = balancedTarget({ healthCheck: '/health' })
const ground: Ground = {
  instanceProfile: 'profile',
  serviceRole: 'role',
  instanceType: 't3.micro',
  network: undefined,
}
const sent = (...given: Parameters<typeof environmentSettings>) =>
  new Map(environmentSettings(...given).map((option) => [optionId(option), option.value]))

test('every setting has its reason and its source, and stands in the table once', () => {
  expect(new Set(ENVIRONMENT_OPTIONS.map(optionId)).size).toBe(ENVIRONMENT_OPTIONS.length)
  for (const { reason, source } of ENVIRONMENT_OPTIONS) {
    expect(reason.length).toBeGreaterThan(10)
    expect(source).toMatch(/^§\d/)
  }
})

test('launch templates are forced, logs are streamed for a week and go with the environment', () => {
  const settings = sent(single, undefined, ground)
  const launch = 'aws:autoscaling:launchconfiguration'
  const logs = 'aws:elasticbeanstalk:cloudwatch:logs'
  expect(Object.fromEntries(settings)).toMatchObject({
    [`${launch}/RootVolumeType`]: 'gp3',
    [`${launch}/DisableIMDSv1`]: 'true',
    [`${launch}/RootVolumeSize`]: '16',
    [`${launch}/IamInstanceProfile`]: 'profile',
    'aws:elasticbeanstalk:environment/ServiceRole': 'role',
    'aws:ec2:instances/InstanceTypes': 't3.micro',
    [`${logs}/StreamLogs`]: 'true',
    [`${logs}/RetentionInDays`]: '7',
    [`${logs}/DeleteOnTerminate`]: 'true',
    'aws:elasticbeanstalk:managedactions/ManagedActionsEnabled': 'false',
  })
})

test('one instance gets nothing that is for a load balancer, and a load balancer is an application one', () => {
  expect([...sent(single, undefined, ground).keys()].join()).not.toMatch(
    /LoadBalancer|MinSize|BatchSize|RollingUpdate|vpc/,
  )
  const settings = sent(balanced, undefined, ground)
  expect(settings.get('aws:elasticbeanstalk:environment/LoadBalancerType')).toBe('application')
  expect(settings.get('aws:elasticbeanstalk:command/DeploymentPolicy')).toBe('Rolling')
  expect(settings.get('aws:autoscaling:asg/MinSize')).toBe('2')
  const replacement = 'aws:autoscaling:updatepolicy:rollingupdate'
  expect(settings.get(`${replacement}/RollingUpdateEnabled`)).toBe('true')
  expect(settings.get(`${replacement}/RollingUpdateType`)).toBe('Health')
})

test('the policy that nobody names loses no request behind a load balancer, however few instances it has', () => {
  const policyOf = (...given: Parameters<typeof environmentSettings>) =>
    sent(...given).get('aws:elasticbeanstalk:command/DeploymentPolicy')
  expect(policyOf(single)).toBe('AllAtOnce')
  expect(policyOf(balanced)).toBe('Rolling')
  const alone = { ...balanced, minInstances: 1 }
  expect(policyOf(alone)).toBe('RollingWithAdditionalBatch')
  expect(policyOf(alone, 'rolling')).toBe('Rolling')
  for (const policy of [policyOf(alone), policyOf(balanced)])
    expect(
      outageOf('restart', {
        type: 'load-balanced',
        policy: policy ?? '',
        instances: policy === 'Rolling' ? 2 : 1,
        deploysVersion: true,
      }),
    ).toBeUndefined()
})

test('a network is sent with the subnets of both, and public addresses only where an internet gateway needs them', () => {
  const network = {
    vpc: 'vpc-1',
    subnets: ['subnet-1', 'subnet-2'],
    balancerSubnets: ['subnet-3', 'subnet-4'],
  }
  const settings = sent(balanced, undefined, { ...ground, network: { ...network, publicAddresses: false } })
  expect([...settings].filter(([id]) => id.startsWith('aws:ec2:vpc/'))).toEqual([
    ['aws:ec2:vpc/VPCId', 'vpc-1'],
    ['aws:ec2:vpc/Subnets', 'subnet-1,subnet-2'],
    ['aws:ec2:vpc/ELBSubnets', 'subnet-3,subnet-4'],
    ['aws:ec2:vpc/AssociatePublicIpAddress', 'false'],
  ])
})

test('a certificate opens port 443 of the load balancer for TLS 1.2 and 1.3, on an environment that is there too', () => {
  const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/1'
  const https = {
    ListenerEnabled: 'true',
    Protocol: 'HTTPS',
    SSLCertificateArns: certificate,
    SSLPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  }
  for (const settings of [environmentSettings, followedSettings]) {
    const listener = settings({ ...balanced, certificate }).filter(
      ({ namespace }) => namespace === 'aws:elbv2:listener:443',
    )
    expect(Object.fromEntries(listener.map(({ name, value }) => [name, value]))).toEqual(https)
    expect(JSON.stringify(settings(balanced))).not.toContain('listener')
  }
})

test('managed updates come at the weekly time that is asked for', () => {
  const settings = sent({ ...single, managedUpdates: 'Sun:03:00' }, undefined, ground)
  expect([...settings].filter(([id]) => id.includes('managedactions')).map(([, value]) => value)).toEqual([
    'true',
    'Sun:03:00',
    'minor',
  ])
})

test('an environment that is there follows the project file and --policy, and keeps what else was changed in the console', () => {
  const names = (...given: Parameters<typeof followedSettings>) =>
    followedSettings(...given).map(({ name }) => name)
  expect(names(single)).toEqual(['HealthCheckPath'])
  expect(names({ ...balanced, instanceType: 't3.small' }, 'immutable')).toEqual([
    'InstanceTypes',
    'MinSize',
    'MaxSize',
    'HealthCheckPath',
    'DeploymentPolicy',
  ])
})
