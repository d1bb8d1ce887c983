import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAccount, singleInstance } from './account.ts'

test('a full account takes no further version and no further application, until one goes', async () => {
  const account = await openAccount({ scenario: { full: true } })
  const { ResourceQuotas } = await account.call('DescribeAccountAttributes', {})
  expect(ResourceQuotas).toMatchObject({
    ApplicationQuota: { Maximum: 75 },
    ApplicationVersionQuota: { Maximum: 1000 },
  })
  const { Applications } = await account.call('DescribeApplications', {})
  expect(Applications).toHaveLength(75)
  expect(Applications!.flatMap(({ Versions }) => Versions)).toHaveLength(1000)
  const version = { ApplicationName: 'legacy-01', VersionLabel: 'new' }
  await expect(account.call('CreateApplicationVersion', version)).rejects.toMatchObject({
    code: 'TooManyApplicationVersionsException',
    message:
      'You cannot have more than 1000 Application Versions. Either remove some Application Versions or request a limit increase.',
  })
  await expect(account.call('CreateApplication', { ApplicationName: 'shop' })).rejects.toMatchObject({
    code: 'TooManyApplicationsException',
  })
  await account.call('DeleteApplication', { ApplicationName: 'legacy-75' })
  await account.call('CreateApplication', { ApplicationName: 'shop' })
  await account.call('CreateApplicationVersion', version)
  await account.close()
  const next = await openAccount({ dir: account.dir, scenario: { full: true } })
  const { Applications: kept } = await next.call('DescribeApplications', {})
  expect(kept!.map(({ ApplicationName }) => ApplicationName)).toContain('shop')
})

test('the environment after the two hundredth is refused', async () => {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'lucree-quota-')))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const first = await openAccount({ dir, scenario: { defaultVpc: false } })
  await first.call('CreateApplication', { ApplicationName: 'shop' })
  const { VersionLabel: _, ...sample } = singleInstance('')
  await first.call('CreateEnvironment', sample)
  await first.settled()
  await first.close()
  const environments = join(dir, 'elasticbeanstalk', 'environments')
  const [file] = await readdir(environments)
  const text = await readFile(join(environments, file!), 'utf8')
  await mkdir(environments, { recursive: true })
  for (let number = 2; number <= 200; number++) {
    const id = `e-${String(number).padStart(10, '0')}`
    const other = {
      ...(JSON.parse(text) as object),
      id,
      name: `shop-${number}`,
      cnamePrefix: `shop-${number}`,
    }
    await writeFile(join(environments, `${id}.json`), JSON.stringify(other))
  }
  const full = await openAccount({ dir })
  await expect(
    full.call('CreateEnvironment', { ...sample, EnvironmentName: 'shop-201' }),
  ).rejects.toMatchObject({
    code: 'TooManyEnvironmentsException',
    message:
      'You cannot have more than 200 Environments. Either terminate some Environments or request a limit increase.',
  })
})

test('a retired platform is nowhere to be seen, and the one before it is recommended', async () => {
  const account = await openAccount({ scenario: { retiredPlatform: true } })
  await account.call('CreateApplication', { ApplicationName: 'shop' })
  const { PlatformSummaryList } = await account.call('ListPlatformVersions', {})
  expect(PlatformSummaryList!.map(({ PlatformVersion }) => PlatformVersion)).toEqual(['4.13.5', '4.13.1'])
  expect(PlatformSummaryList![0]).toMatchObject({ PlatformLifecycleState: 'Recommended' })
  const { VersionLabel: _, SolutionStackName, ...request } = singleInstance('')
  await expect(account.call('CreateEnvironment', { ...request, SolutionStackName })).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message: "No Solution Stack named '64bit Amazon Linux 2023 v4.13.8 running Docker' found.",
  })
  const branch = 'arn:aws:elasticbeanstalk:us-east-1::platform/Docker running on 64bit Amazon Linux 2023'
  await expect(
    account.call('CreateEnvironment', { ...request, PlatformArn: `${branch}/4.13.8` }),
  ).rejects.toMatchObject({ message: `No Platform named '${branch}/4.13.8' found.` })
  const made = await account.call('CreateEnvironment', { ...request, PlatformArn: branch })
  expect(made.PlatformArn).toBe(`${branch}/4.13.5`)
})
