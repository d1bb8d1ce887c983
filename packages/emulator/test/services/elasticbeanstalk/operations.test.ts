import { expect, test } from 'vitest'
import { balanced, openAccount, option, property, singleInstance } from './account.ts'
import { answering } from './application.ts'
import { loadOn } from './load.ts'

const command = 'aws:elasticbeanstalk:command'
const policy = (name: string) => option(command, 'DeploymentPolicy', name)
const rolling = [
  policy('Rolling'),
  option(command, 'BatchSizeType', 'Fixed'),
  option(command, 'BatchSize', '1'),
]
const named = { EnvironmentName: 'shop-env' }

/** It takes a while until it listens, so that there is time to do something meanwhile. */
function slow(text: string): Record<string, string> {
  const files = answering(text)
  return {
    ...files,
    'server.js': `const end = Date.now() + 1200; while (Date.now() < end);${files['server.js']}`,
  }
}

async function running(request: ReturnType<typeof singleInstance>) {
  const account = await openAccount()
  await account.version('v1', answering('one '))
  await account.version('v2', slow('two '))
  await account.call('CreateEnvironment', request)
  const { CNAME } = await account.settled()
  const ids = async () =>
    (await account.call('DescribeEnvironmentResources', named)).EnvironmentResources!.Instances!.map(
      ({ Id }) => Id,
    )
  return { ...account, CNAME, ids, ask: async () => (await fetch(`http://${CNAME}/`)).text() }
}

/** Waits until the update has said `text`, and aborts it. */
async function abortAfter(account: Awaited<ReturnType<typeof running>>, text: string): Promise<void> {
  const said = async () => (await account.messages()).join('\n')
  await expect.poll(said, { timeout: 10_000, interval: 5 }).toContain(text)
  expect(await account.environment()).toMatchObject({
    Status: 'Updating',
    AbortableOperationInProgress: true,
  })
  await account.send('AbortEnvironmentUpdate', named, 'abort')
}

const mixed =
  'ERROR During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.'

test('an aborted rolling deploy leaves each instance the version that it has, and the environment the old one', async () => {
  const account = await running(balanced('v1', 2, ...rolling))
  const stop = loadOn(account.CNAME)
  await account.send('UpdateEnvironment', { ...named, VersionLabel: 'v2' }, 'deploy')
  await abortAfter(account, 'Batch 2: Starting application deployment command execution.')
  expect(await account.environment()).toMatchObject({ AbortableOperationInProgress: false })
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Degraded' })
  expect(await stop()).toMatchObject({ failures: [], bodies: ['one ', 'two '] })
  expect(await account.messages({ RequestId: 'abort' })).toEqual([
    'INFO abortEnvironmentUpdate is starting.',
    'INFO abortEnvironmentUpdate completed successfully.',
  ])
  expect((await account.messages({ RequestId: 'deploy' })).slice(-3)).toEqual([
    'INFO Environment update is aborting.',
    mixed,
    'ERROR Failed to deploy application.',
  ])
  const { InstanceHealthList } = await account.call('DescribeInstancesHealth', {
    ...named,
    AttributeNames: ['Deployment'],
  })
  expect(InstanceHealthList!.map(({ Deployment }) => Deployment!.VersionLabel).sort()).toEqual(['v1', 'v2'])
  await account.call('UpdateEnvironment', { ...named, VersionLabel: 'v1' })
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
})

test('an aborted immutable deploy leaves nothing of itself behind', async () => {
  const account = await running(balanced('v1', 2, policy('Immutable')))
  const before = await account.ids()
  const stop = loadOn(account.CNAME)
  await account.send('UpdateEnvironment', { ...named, VersionLabel: 'v2' }, 'deploy')
  await abortAfter(account, 'Created temporary auto scaling group')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect(await stop()).toMatchObject({ failures: [], bodies: ['one '] })
  expect(await account.ids()).toEqual(before)
  expect(await account.messages({ RequestId: 'deploy' })).not.toContain(mixed)
})

test('an aborted change of settings is taken back', async () => {
  const account = await running(singleInstance('v1'))
  const OptionSettings = [property('GREETING', 'hello')]
  await account.send('UpdateEnvironment', { ...named, VersionLabel: 'v2', OptionSettings }, 'change')
  await abortAfter(account, "Updating environment shop-env's configuration settings.")
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect(await account.ask()).toBe('one ')
  expect((await account.messages({ RequestId: 'change' })).at(-1)).toBe(
    'ERROR The environment was reverted to the previous configuration setting.',
  )
})

test('nothing but an update can be aborted', async () => {
  const account = await running(singleInstance('v1'))
  const refusal = {
    code: 'InvalidParameterValue',
    message: 'Environment named shop-env is in an invalid state for this operation. Must be Updating.',
  }
  await expect(account.call('AbortEnvironmentUpdate', named)).rejects.toMatchObject(refusal)
  await account.call('RestartAppServer', named)
  await expect(account.call('AbortEnvironmentUpdate', named)).rejects.toMatchObject(refusal)
})

test('two environments exchange their addresses without losing a request', async () => {
  const account = await running(singleInstance('v1'))
  await account.version('other', answering('other '))
  const green = { ...singleInstance('other'), EnvironmentName: 'green-env', CNAMEPrefix: 'shop-green' }
  await account.call('CreateEnvironment', green)
  const { CNAME: greenAddress } = await account.settled('green-env')
  const stop = loadOn(account.CNAME, greenAddress)
  const swap = { SourceEnvironmentName: 'shop-env', DestinationEnvironmentName: 'green-env' }
  await account.send('SwapEnvironmentCNAMEs', swap, 'swap')
  expect(await account.settled()).toMatchObject({ CNAME: greenAddress, HealthStatus: 'Ok' })
  expect(await account.settled('green-env')).toMatchObject({ CNAME: account.CNAME, HealthStatus: 'Ok' })
  expect(await account.ask()).toBe('other ')
  // The old one may go now: what its address was serves on.
  await account.call('TerminateEnvironment', named)
  await account.settled()
  expect(await account.ask()).toBe('other ')
  const { failures, bodies } = await stop()
  expect(bodies.sort()).toEqual(['one ', 'other '])
  expect(failures.filter((failure) => failure.includes(account.CNAME!))).toEqual([])
  const messages = await account.messages({ RequestId: 'swap', EnvironmentName: 'shop-env' })
  expect(messages[0]).toBe('INFO swapEnvironmentCNAMEs is starting.')
  expect(messages).toContain("INFO Completed swapping CNAMEs for environments 'shop-env' and 'green-env'.")
  const dns = (CNAMEPrefix: string) => account.call('CheckDNSAvailability', { CNAMEPrefix })
  // It went with the environment that has it now.
  expect(await dns('shop-green')).toMatchObject({ Available: true })
})

test('a swap needs two environments that are Ready', async () => {
  const account = await running(singleInstance('v1'))
  const swap = { SourceEnvironmentName: 'shop-env', DestinationEnvironmentName: 'green-env' }
  await expect(account.call('SwapEnvironmentCNAMEs', swap)).rejects.toMatchObject({
    message: "No Environment found for EnvironmentName = 'green-env'.",
  })
  await account.call('CreateEnvironment', { ...singleInstance('v1'), EnvironmentName: 'green-env' })
  await expect(account.call('SwapEnvironmentCNAMEs', swap)).rejects.toMatchObject({
    message: 'Environment named green-env is in an invalid state for this operation. Must be Ready.',
  })
  expect(await account.environment()).toMatchObject({ Status: 'Ready' })
})

test('a rebuild launches everything anew at the same address', async () => {
  const account = await running(singleInstance('v1', property('GREETING', 'hi')))
  const before = await account.ids()
  await account.send('RebuildEnvironment', named, 'rebuild')
  await expect(account.call('RebuildEnvironment', named)).rejects.toMatchObject({
    message: 'Environment named shop-env is in an invalid state for this operation. Must be Ready.',
  })
  expect(await account.settled()).toMatchObject({
    CNAME: account.CNAME,
    HealthStatus: 'Ok',
    VersionLabel: 'v1',
  })
  expect(await account.ids()).not.toEqual(before)
  expect(await account.ask()).toBe('one hi')
  const messages = await account.messages({ RequestId: 'rebuild' })
  expect([messages[0], messages.at(-1)]).toEqual([
    'INFO rebuildEnvironment is starting.',
    'INFO Successfully launched environment: shop-env',
  ])
})

test('a rebuild revives an environment that was terminated, with its name, id and settings, but not its properties', async () => {
  const account = await running(
    singleInstance('v1', property('GREETING', 'hi'), option(command, 'Timeout', '300')),
  )
  await account.call('TerminateEnvironment', named)
  const { EnvironmentId } = await account.settled()
  await account.call('RebuildEnvironment', { EnvironmentId })
  expect(await account.settled()).toMatchObject({ EnvironmentId, HealthStatus: 'Ok', CNAME: account.CNAME })
  expect(await account.ask()).toBe('one ')
  const { ConfigurationSettings } = await account.call('DescribeConfigurationSettings', {
    ApplicationName: 'shop',
    ...named,
  })
  expect(ConfigurationSettings![0]!.OptionSettings).toContainEqual(option(command, 'Timeout', '300'))
})

test('an environment whose name or version is gone meanwhile is not revived', async () => {
  const account = await running(singleInstance('v1'))
  await account.call('TerminateEnvironment', named)
  const { EnvironmentId } = await account.settled()
  await account.call('DeleteApplicationVersion', { ApplicationName: 'shop', VersionLabel: 'v1' })
  await expect(account.call('RebuildEnvironment', { EnvironmentId })).rejects.toMatchObject({
    message: "No Application Version named 'v1' found.",
  })
  await account.call('CreateEnvironment', singleInstance('v2'))
  await account.settled()
  await expect(account.call('RebuildEnvironment', { EnvironmentId })).rejects.toMatchObject({
    message: 'Environment shop-env already exists.',
  })
})
