import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAccount, option, property, singleInstance } from './account.ts'
import { answering } from './application.ts'

async function withVersion() {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  return account
}

const refused = (code: string, message: string | RegExp) =>
  expect.objectContaining({
    code,
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
  }) as Error

test.each<[string, object, string, string | RegExp]>([
  [
    'a name that is too short',
    { EnvironmentName: 'abc' },
    'ValidationError',
    /at 'environmentName' failed to satisfy constraint: Member must have length greater than or equal to 4$/,
  ],
  [
    'a name that is too long',
    { EnvironmentName: 'a'.repeat(41) },
    'ValidationError',
    /length less than or equal to 40$/,
  ],
  [
    'a name with an underscore',
    { EnvironmentName: 'shop_env' },
    'InvalidParameterValue',
    /only letters, digits, and the dash character and may not start or end with a dash$/,
  ],
  [
    'a name that ends with a dash',
    { EnvironmentName: 'shop-' },
    'InvalidParameterValue',
    /may not start or end with a dash$/,
  ],
  [
    'no name of an application',
    { ApplicationName: undefined },
    'ValidationError',
    "1 validation error detected: Value null at 'applicationName' failed to satisfy constraint: Member must not be null",
  ],
  [
    'an unknown application',
    { ApplicationName: 'x' },
    'InvalidParameterValue',
    "No Application named 'x' found.",
  ],
  [
    'an unknown version',
    { VersionLabel: 'v9' },
    'InvalidParameterValue',
    "No Application Version named 'v9' found.",
  ],
  [
    'no platform',
    { SolutionStackName: undefined },
    'InvalidParameterValue',
    'Unable to determine base for template pack (no solution stack)',
  ],
  [
    'a retired platform',
    { SolutionStackName: '64bit Amazon Linux 2023 v4.4.4 running Docker' },
    'InvalidParameterValue',
    "No Solution Stack named '64bit Amazon Linux 2023 v4.4.4 running Docker' found.",
  ],
  [
    'an unknown option',
    { OptionSettings: [option('aws:x', 'Y', '1')] },
    'ConfigurationValidationException',
    "Configuration validation exception: Invalid option specification (Namespace: 'aws:x', OptionName: 'Y'): Unknown configuration setting.",
  ],
  [
    'a value that is out of range',
    { OptionSettings: [option('aws:elasticbeanstalk:command', 'Timeout', '3601')] },
    'ConfigurationValidationException',
    /greater than maximum allowed value: 3600$/,
  ],
  [
    'Rolling on a single instance',
    {
      OptionSettings: [
        option('aws:elasticbeanstalk:environment', 'EnvironmentType', 'SingleInstance'),
        option('aws:elasticbeanstalk:command', 'DeploymentPolicy', 'Rolling'),
      ],
    },
    'ConfigurationValidationException',
    /requires a load-balanced environment/,
  ],
  [
    'managed updates without enhanced health',
    { OptionSettings: [option('aws:elasticbeanstalk:managedactions', 'ManagedActionsEnabled', 'true')] },
    'ConfigurationValidationException',
    /Managed platform updates require enhanced health reporting \(option SystemType in namespace aws:elasticbeanstalk:healthreporting:system\)\.$/,
  ],
  [
    'HTTPS without a certificate',
    { OptionSettings: [option('aws:elbv2:listener:443', 'Protocol', 'HTTPS')] },
    'ConfigurationValidationException',
    /You must specify an SSL certificate/,
  ],
  [
    '4,097 bytes of properties',
    { OptionSettings: [property('A', 'x'.repeat(4095))] },
    'ConfigurationValidationException',
    /EnvironmentVariables is 4097 bytes and exceeds 4096/,
  ],
  [
    'a tag with a reserved prefix',
    { Tags: [{ Key: 'aws:x', Value: 'y' }] },
    'InvalidParameterValue',
    /reserved prefix/,
  ],
])('an environment with %s is refused', async (_, change, code, message) => {
  const account = await withVersion()
  const request = { ...singleInstance('v1'), ...change }
  await expect(account.call('CreateEnvironment', request)).rejects.toEqual(refused(code, message))
  expect((await account.call('DescribeEnvironments', {})).Environments).toEqual([])
})

test('what is under way refuses every other change, and names and addresses stay unique', async () => {
  const account = await withVersion()
  await account.call('CreateEnvironment', { ...singleInstance('v1'), CNAMEPrefix: 'shop-here' })
  const busy = refused(
    'InvalidParameterValue',
    'Environment named shop-env is in an invalid state for this operation. Must be Ready.',
  )
  const EnvironmentName = 'shop-env'
  await expect(account.call('UpdateEnvironment', { EnvironmentName, VersionLabel: 'v1' })).rejects.toEqual(
    busy,
  )
  await expect(account.call('TerminateEnvironment', { EnvironmentName })).rejects.toEqual(busy)
  await expect(account.call('RestartAppServer', { EnvironmentName })).rejects.toEqual(busy)
  await expect(account.call('CreateEnvironment', singleInstance('v1'))).rejects.toEqual(
    refused('InvalidParameterValue', 'Environment shop-env already exists.'),
  )
  await expect(
    account.call('CreateEnvironment', {
      ...singleInstance('v1'),
      EnvironmentName: 'other',
      CNAMEPrefix: 'Shop-Here',
    }),
  ).rejects.toEqual(
    refused('InvalidParameterValue', 'DNS name (shop-here.us-east-1.elasticbeanstalk.com) is not available.'),
  )
  expect(await account.call('CheckDNSAvailability', { CNAMEPrefix: 'shop-here' })).toEqual({
    Available: false,
    FullyQualifiedCNAME: 'shop-here.us-east-1.elasticbeanstalk.com',
  })
  await expect(
    account.call('DeleteApplicationVersion', { ApplicationName: 'shop', VersionLabel: 'v1' }),
  ).rejects.toEqual(
    refused(
      'InvalidParameterValue',
      'Unable to delete application version v1 because it is being used by the following environments: shop-env',
    ),
  )
  await account.settled()
})

test('two requests for the same name at the same time make one environment', async () => {
  const account = await withVersion()
  const both = [1, 2].map(() => account.call('CreateEnvironment', singleInstance('v1')))
  const results = await Promise.allSettled(both)
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await account.settled()
})

test('a termination can be forced on an environment that is being launched', async () => {
  const account = await withVersion()
  await account.call('CreateEnvironment', singleInstance('v1'))
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env', ForceTerminate: true })
  expect(await account.settled()).toMatchObject({ Status: 'Terminated' })
})

test('an application goes with its environments when it is told so by force', async () => {
  const account = await withVersion()
  await account.call('CreateEnvironment', singleInstance('v1'))
  await account.settled()
  await expect(account.call('DeleteApplication', { ApplicationName: 'shop' })).rejects.toEqual(
    refused('InvalidParameterValue', /because it has the following running environments: shop-env/),
  )
  await account.call('DeleteApplication', { ApplicationName: 'shop', TerminateEnvByForce: true })
  await expect.poll(() => account.messages()).toContain('INFO The application has been deleted successfully.')
  expect((await account.call('DescribeApplications', {})).Applications).toEqual([])
  expect(await account.environment()).toMatchObject({ Status: 'Terminated' })
})

test('versions are unique, come newest first, and need their bundle', async () => {
  const account = await withVersion()
  await account.version('v2', answering('two'))
  const { ApplicationVersions } = await account.call('DescribeApplicationVersions', {
    ApplicationName: 'shop',
  })
  expect(ApplicationVersions!.map(({ VersionLabel }) => VersionLabel)).toEqual(['v2', 'v1'])
  await expect(account.version('v2', answering('two'))).rejects.toEqual(
    refused('InvalidParameterValue', 'Application Version v2 already exists.'),
  )
  const SourceBundle = { S3Bucket: 'bundles', S3Key: 'none.zip' }
  await expect(
    account.call('CreateApplicationVersion', { ApplicationName: 'shop', VersionLabel: 'v3', SourceBundle }),
  ).rejects.toEqual(
    refused(
      'InvalidParameterCombination',
      'Unable to download from S3 location (Bucket: bundles  Key: none.zip). Reason: Not Found',
    ),
  )
  await account.call('DeleteApplicationVersion', {
    ApplicationName: 'shop',
    VersionLabel: 'v2',
    DeleteSourceBundle: true,
  })
  expect(await account.objects.stat('bundles', 'v2.zip')).toBeUndefined()
})

test('the thousand-and-first version is refused', async () => {
  const { dir, call } = await openAccount()
  await call('CreateApplication', { ApplicationName: 'shop' })
  await call('CreateApplicationVersion', { ApplicationName: 'shop', VersionLabel: 'v1' })
  const file = join(dir, 'elasticbeanstalk', 'applications.json')
  const [shop] = JSON.parse(await readFile(file, 'utf8')) as [{ versions: { label: string }[] }]
  const versions = Array.from({ length: 999 }, (_, index) => ({
    ...shop.versions[0]!,
    label: `v${index + 1}`,
  }))
  await writeFile(file, JSON.stringify([{ ...shop, versions }]))
  const account = await openAccount({ dir })
  const create = (VersionLabel: string) =>
    account.call('CreateApplicationVersion', { ApplicationName: 'shop', VersionLabel })
  await create('v1000')
  await expect(create('v1001')).rejects.toEqual(
    refused(
      'TooManyApplicationVersionsException',
      'You cannot have more than 1000 Application Versions. Either remove some Application Versions or request a limit increase.',
    ),
  )
})

test('health needs enhanced reporting, and an unknown environment is none', async () => {
  const account = await withVersion()
  const { OptionSettings, ...rest } = singleInstance('v1')
  const basic = OptionSettings.filter(({ OptionName }) => OptionName !== 'SystemType')
  await account.call('CreateEnvironment', { ...rest, OptionSettings: basic })
  const ready = await account.settled()
  expect(ready).toMatchObject({ Health: 'Green' })
  expect(ready).not.toHaveProperty('HealthStatus')
  await expect(
    account.call('DescribeEnvironmentHealth', { EnvironmentName: 'shop-env' }),
  ).rejects.toMatchObject({
    code: 'InvalidRequestException',
  })
  await expect(account.call('RestartAppServer', { EnvironmentName: 'nobody' })).rejects.toEqual(
    refused('InvalidParameterValue', "No Environment found for EnvironmentName = 'nobody'."),
  )
  expect((await account.call('DescribeEnvironments', { EnvironmentNames: ['nobody'] })).Environments).toEqual(
    [],
  )
})

test('validation tells everything that is wrong, and settings come back with their defaults', async () => {
  const account = await withVersion()
  await account.call('CreateEnvironment', singleInstance('v1', property('A', 'b=c')))
  await account.settled()
  const named = { ApplicationName: 'shop', EnvironmentName: 'shop-env' }
  const { Messages } = await account.call('ValidateConfigurationSettings', {
    ...named,
    OptionSettings: [option('aws:x', 'Y', '1'), option('aws:autoscaling:asg', 'MinSize', '0')],
  })
  expect(Messages).toMatchObject([{ Severity: 'error' }, { Severity: 'error' }])
  const { ConfigurationSettings } = await account.call('DescribeConfigurationSettings', named)
  expect(ConfigurationSettings).toHaveLength(1)
  expect(ConfigurationSettings![0]).toMatchObject({
    DeploymentStatus: 'deployed',
    EnvironmentName: 'shop-env',
  })
  const settings = ConfigurationSettings![0]!.OptionSettings!
  expect(settings).toContainEqual(property('A', 'b=c'))
  expect(settings).toContainEqual(option('aws:elasticbeanstalk:command', 'Timeout', '600'))
})

test('tags belong to an environment beside the service’s own', async () => {
  const account = await withVersion()
  await account.call('CreateEnvironment', { ...singleInstance('v1'), Tags: [{ Key: 'team', Value: 'a' }] })
  const { EnvironmentArn } = await account.settled()
  const change = {
    ResourceArn: EnvironmentArn!,
    TagsToAdd: [{ Key: 'cost', Value: '1' }],
    TagsToRemove: ['team'],
  }
  await account.send('UpdateTagsForResource', change, 'tags')
  await account.settled()
  const { ResourceTags } = await account.call('ListTagsForResource', { ResourceArn: EnvironmentArn! })
  expect(ResourceTags!.map(({ Key }) => Key)).toEqual([
    'Name',
    'elasticbeanstalk:environment-id',
    'elasticbeanstalk:environment-name',
    'cost',
  ])
  expect((await account.messages({ RequestId: 'tags' })).at(-1)).toBe(
    'INFO Environment tag update completed successfully.',
  )
})

test('the latest recommended Docker platform is found as the EB CLI looks for it', async () => {
  const account = await openAccount()
  const { PlatformSummaryList } = await account.call('ListPlatformVersions', {
    Filters: [
      { Type: 'PlatformBranchName', Operator: '=', Values: ['Docker running on 64bit Amazon Linux 2023'] },
      { Type: 'PlatformLifecycleState', Operator: '=', Values: ['Recommended'] },
    ],
  })
  expect(PlatformSummaryList).toHaveLength(1)
  const [latest] = PlatformSummaryList!
  expect(latest!.PlatformArn).toMatch(
    /^arn:aws:elasticbeanstalk:us-east-1::platform\/Docker running on 64bit Amazon Linux 2023\/4\.\d+\.\d+$/,
  )
  const { PlatformDescription } = await account.call('DescribePlatformVersion', {
    PlatformArn: latest!.PlatformArn,
  })
  expect(PlatformDescription!.SolutionStackName).toMatch(
    /^64bit Amazon Linux 2023 v4\.\d+\.\d+ running Docker$/,
  )
  const { SolutionStacks } = await account.call('ListAvailableSolutionStacks', {})
  expect(SolutionStacks![0]).toBe(PlatformDescription!.SolutionStackName)
  const { PlatformBranchSummaryList } = await account.call('ListPlatformBranches', {
    Filters: [{ Attribute: 'LifecycleState', Operator: '=', Values: ['Retired'] }],
  })
  expect(PlatformBranchSummaryList).toEqual([])
})

test('the bucket for bundles is made once and stays', async () => {
  const account = await openAccount()
  const expected = { S3Bucket: 'elasticbeanstalk-us-east-1-123456789012' }
  expect(await account.call('CreateStorageLocation', {})).toEqual(expected)
  expect(await account.call('CreateStorageLocation', {})).toEqual(expected)
  expect(await account.objects.bucketExists(expected.S3Bucket)).toBe(true)
  const { ResourceQuotas } = await account.call('DescribeAccountAttributes', {})
  expect(ResourceQuotas).toMatchObject({ ApplicationVersionQuota: { Maximum: 1000 } })
})
