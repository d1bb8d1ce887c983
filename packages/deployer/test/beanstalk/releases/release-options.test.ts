import { expect, test } from 'vitest'
import { PROPERTIES } from '../../../src/beanstalk/option-settings.ts'
import { rememberedOptions, restoration } from '../../../src/beanstalk/releases/release-options.ts'

const option = (namespace: string, name: string, value: string) => ({ namespace, name, value })
const property = (name: string, value: string) => option(PROPERTIES, name, value)
const key = 'a'.repeat(64)

test('nothing that a release remembers holds a value of a property, wherever Beanstalk repeats it', () => {
  const remembered = rememberedOptions(
    [
      option('aws:autoscaling:asg', 'MinSize', '2'),
      option('aws:rds:dbinstance', 'DBPassword', 'hunter2hunter2'),
      option(
        'aws:cloudformation:template:parameter',
        'EnvironmentVariables',
        'API_TOKEN=s3cr3t-v4lue,COLOUR=teal',
      ),
      option(
        'aws:elasticbeanstalk:sns:topics',
        'Notification Endpoint',
        'https://example.org/?t=s3cr3t-v4lue',
      ),
      option(
        'aws:elasticbeanstalk:application:environmentsecrets',
        'DB',
        'arn:aws:secretsmanager:r:1:secret:db-AbCdEf',
      ),
      property('API_TOKEN', 's3cr3t-v4lue'),
      property('COLOUR', 'teal'),
    ],
    key,
  )
  const text = JSON.stringify(remembered)
  for (const value of ['s3cr3t-v4lue', 'teal', 'hunter2hunter2']) expect(text).not.toContain(value)
  expect(remembered.settings).toEqual([option('aws:autoscaling:asg', 'MinSize', '2')])
  expect(remembered.properties).toEqual([
    { name: 'API_TOKEN', store: 'property', length: 12, fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) },
    { name: 'COLOUR', store: 'property', length: 4, fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) },
  ])
  expect(remembered.secrets).toEqual([
    { name: 'DB', arn: 'arn:aws:secretsmanager:r:1:secret:db-AbCdEf', versionId: null },
  ])
})

const then = [
  option('aws:autoscaling:asg', 'MaxSize', '2'),
  property('API_TOKEN', 'the-old-token'),
  property('COLOUR', 'teal'),
]
const release = { ...rememberedOptions(then, key), withheld: ['API_TOKEN'] }

test('options and properties come back, secrets stay at their newest, and what was added since goes', () => {
  const current = [
    option('aws:autoscaling:asg', 'MaxSize', '4'),
    property('API_TOKEN', 'the-new-token'),
    property('COLOUR', 'plum'),
    property('BANNER', 'sale'),
    property('NEW_SECRET', 'stays'),
  ]
  const saved = [...then.slice(0, 1), property('API_TOKEN', 'nobody-knows'), property('COLOUR', 'teal')]
  expect(restoration(release, { saved, current, key })).toEqual({
    settings: [option('aws:autoscaling:asg', 'MaxSize', '2'), property('COLOUR', 'teal')],
    remove: [{ namespace: PROPERTIES, name: 'BANNER' }],
    staying: ['API_TOKEN'],
  })
})

test('without a saved configuration the properties that differ are named as staying, and those that don’t are not', () => {
  const current = [property('API_TOKEN', 'the-old-token'), property('COLOUR', 'plum')]
  expect(restoration(release, { saved: undefined, current, key }).staying).toEqual(['COLOUR'])
  const another = restoration(release, {
    saved: undefined,
    current: [property('COLOUR', 'teal')],
    key: 'b'.repeat(64),
  })
  expect(another.staying).toEqual(['API_TOKEN', 'COLOUR'])
})

test('a record that somebody tampered with gives the instances no other role, key or network', () => {
  const launch = 'aws:autoscaling:launchconfiguration'
  const tampered = {
    ...release,
    properties: [],
    settings: [
      option(launch, 'IamInstanceProfile', 'admin'),
      option('aws:ec2:vpc', 'Subnets', 'subnet-evil'),
    ],
  }
  const current = [option(launch, 'IamInstanceProfile', 'web'), option('aws:ec2:vpc', 'Subnets', 'subnet-a')]
  expect(restoration(tampered, { saved: undefined, current, key })).toEqual({
    settings: [],
    remove: [],
    staying: ['IamInstanceProfile', 'Subnets'],
  })
})
