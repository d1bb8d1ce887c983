import { expect, test } from 'vitest'
import { openAccount, option, singleInstance } from './account.ts'
import { answering } from './application.ts'

const shop = { ApplicationName: 'shop' }
const ServiceRole = 'arn:aws:iam::123456789012:role/aws-elasticbeanstalk-service-role'
const count = (MaxCount: number) => ({
  MaxCountRule: { Enabled: true, MaxCount, DeleteSourceFromS3: true },
})

test('descriptions of an application and of a version are changed', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  const { Application } = await account.call('UpdateApplication', { ...shop, Description: 'the shop' })
  expect(Application).toMatchObject({ Description: 'the shop' })
  const version = { ...shop, VersionLabel: 'v1', Description: 'the first' }
  const { ApplicationVersion } = await account.call('UpdateApplicationVersion', version)
  expect(ApplicationVersion).toMatchObject({ Description: 'the first' })
  const { Applications } = await account.call('DescribeApplications', {})
  expect(Applications![0]).toMatchObject({ Description: 'the shop' })
  await expect(account.call('UpdateApplication', { ApplicationName: 'none' })).rejects.toMatchObject({
    message: "No Application named 'none' found.",
  })
})

test('lifecycle rules need a role the first time, and are told with the service’s defaults', async () => {
  const account = await openAccount()
  await account.call('CreateApplication', shop)
  const update = (ResourceLifecycleConfig: object) =>
    account.call('UpdateApplicationResourceLifecycle', { ...shop, ResourceLifecycleConfig })
  await expect(update({ VersionLifecycleConfig: count(2) })).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message: 'ServiceRole is required to configure an application version lifecycle.',
  })
  await update({ ServiceRole, VersionLifecycleConfig: count(2) })
  await update({ VersionLifecycleConfig: count(3) })
  const { Applications } = await account.call('DescribeApplications', {})
  expect(Applications![0]!.ResourceLifecycleConfig).toEqual({
    ServiceRole,
    VersionLifecycleConfig: {
      MaxCountRule: { Enabled: true, MaxCount: 3, DeleteSourceFromS3: true },
      MaxAgeRule: { Enabled: false, MaxAgeInDays: 180, DeleteSourceFromS3: false },
    },
  })
})

test('a rule takes the oldest versions and their bundles when one is made, and never one in use or used of late', async () => {
  const account = await openAccount()
  await account.call('CreateApplication', {
    ...shop,
    ResourceLifecycleConfig: { ServiceRole, VersionLifecycleConfig: count(1) },
  })
  await account.version('v1', answering('one'))
  await account.call('CreateEnvironment', singleInstance('v1'))
  await account.settled()
  for (const label of ['v2', 'v3', 'v4']) await account.version(label, answering(label))
  const labels = async () => (await account.call('DescribeApplications', {})).Applications![0]!.Versions
  expect(await labels()).toEqual(['v4', 'v3', 'v1'])
  expect(await account.objects.stat('bundles', 'v2.zip')).toBeUndefined()
  expect(await account.objects.stat('bundles', 'v3.zip')).toBeDefined()
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  await account.settled()
  await account.version('v5', answering('v5'))
  expect(await labels()).toEqual(['v5', 'v4', 'v1'])
})

test('managed actions are empty unless managed updates are on and a newer platform is there', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  const managed = 'aws:elasticbeanstalk:managedactions'
  await account.call('CreateEnvironment', {
    ...singleInstance('v1'),
    SolutionStackName: '64bit Amazon Linux 2023 v4.13.1 running Docker',
  })
  await account.settled()
  const asked = { EnvironmentName: 'shop-env' }
  const actions = async () => (await account.call('DescribeEnvironmentManagedActions', asked)).ManagedActions
  expect(await actions()).toEqual([])
  const OptionSettings = [
    option(managed, 'ManagedActionsEnabled', 'true'),
    option(managed, 'PreferredStartTime', 'Tue:09:00'),
    option('aws:elasticbeanstalk:managedactions:platformupdate', 'UpdateLevel', 'minor'),
  ]
  await account.call('UpdateEnvironment', { ...asked, OptionSettings })
  await account.settled()
  const [scheduled] = (await actions())!
  expect(scheduled).toMatchObject({ ActionType: 'PlatformUpdate', Status: 'Scheduled' })
  expect(scheduled!.WindowStartTime!.toUTCString()).toMatch(/^Tue, .* 09:00:00 GMT$/)
  expect(await account.call('DescribeEnvironmentManagedActionHistory', asked)).toEqual({
    ManagedActionHistoryItems: [],
  })
})

test('an operations role is kept with its environment until it is taken away', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  await account.call('CreateEnvironment', singleInstance('v1'))
  await account.settled()
  const asked = { EnvironmentName: 'shop-env' }
  await account.call('AssociateEnvironmentOperationsRole', { ...asked, OperationsRole: ServiceRole })
  expect(await account.environment()).toMatchObject({ OperationsRole: ServiceRole })
  await account.call('DisassociateEnvironmentOperationsRole', asked)
  expect((await account.environment()).OperationsRole).toBeUndefined()
})

test('what is not emulated says so', async () => {
  const account = await openAccount()
  await expect(account.call('ComposeEnvironments', shop)).rejects.toMatchObject({
    message: expect.stringContaining('composes no environments') as string,
  })
})
