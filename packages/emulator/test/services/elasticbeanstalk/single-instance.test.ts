import { expect, test } from 'vitest'
import { openAccount, option, property, singleInstance } from './account.ts'
import { answering, crashing, unbuildable } from './application.ts'
import { masked } from './masked.ts'

async function running() {
  const account = await openAccount()
  await account.version('v1', answering('one '))
  await account.call('CreateEnvironment', singleInstance('v1', property('GREETING', 'hello')))
  const { CNAME } = await account.settled()
  return { ...account, ask: async (path = '/') => (await fetch(`http://${CNAME}${path}`)).text() }
}

test('launches an environment with the real sequence of events and serves at its address', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  const created = await account.send('CreateEnvironment', singleInstance('v1'), 'create')
  expect(created).toMatchObject({
    Status: 'Launching',
    Health: 'Grey',
    CNAME: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  })
  expect(created.EnvironmentId).toMatch(/^e-[a-z0-9]{10}$/)
  const ready = await account.settled()
  expect(ready).toMatchObject({ Status: 'Ready', Health: 'Green', HealthStatus: 'Ok', VersionLabel: 'v1' })
  expect(ready.CNAME).toBe(created.CNAME)
  expect(await (await fetch(`http://${ready.CNAME}/`)).text()).toBe('one')
  expect(masked(await account.messages({ RequestId: 'create' }))).toEqual([
    'INFO createEnvironment is starting.',
    'INFO Using elasticbeanstalk-us-east-1-123456789012 as Amazon S3 storage bucket for environment data.',
    'INFO Created security group named: sg-…',
    'INFO Created EIP: …',
    'INFO Waiting for EC2 instances to launch. This may take a few minutes.',
    'INFO Instance deployment completed successfully.',
    'INFO Application available at ….',
    'INFO Successfully launched environment: shop-env',
  ])
  const all = masked(await account.messages({ EnvironmentName: 'shop-env' }))
  expect(all).toContain('INFO Added instance [i-…] to your environment.')
  expect(all).toContain(
    'INFO Environment health has transitioned to Pending. Initialization in progress (running for N seconds). There are no instances.',
  )
  expect(all).toContainEqual(
    expect.stringMatching(
      /^INFO Environment health has transitioned from Pending to Ok. Initialization completed/,
    ),
  )
})

test('deploys a version with the real sequence of events, without a request that fails', async () => {
  const { ask, ...account } = await running()
  await account.version('v2', answering('two '))
  const updated = await account.send(
    'UpdateEnvironment',
    { EnvironmentName: 'shop-env', VersionLabel: 'v2' },
    'deploy',
  )
  expect(updated).toMatchObject({ Status: 'Updating', VersionLabel: 'v2' })
  const answers: string[] = []
  while ((await account.environment()).Status === 'Updating') answers.push(await ask('/slow'))
  expect(await ask()).toBe('two hello')
  expect(new Set([...answers, 'two hello'])).toEqual(new Set(['one hello', 'two hello']))
  expect(await account.messages({ RequestId: 'deploy' })).toEqual([
    'INFO Environment update is starting.',
    'INFO Deploying new version to instance(s).',
    'INFO Instance deployment completed successfully.',
    'INFO New application version was deployed to running EC2 instances.',
    'INFO Environment update completed successfully.',
  ])
  const { InstanceHealthList } = await account.call('DescribeInstancesHealth', {
    EnvironmentName: 'shop-env',
    AttributeNames: ['All'],
  })
  expect(InstanceHealthList).toMatchObject([
    { HealthStatus: 'Ok', Deployment: { VersionLabel: 'v2', DeploymentId: 2, Status: 'Deployed' } },
  ])
})

test('changes a property with the real sequence of events, and takes one away', async () => {
  const { ask, ...account } = await running()
  const settings = {
    EnvironmentName: 'shop-env',
    OptionSettings: [property('GREETING', 'a,b=c "d" $e \\ ü')],
  }
  await account.send('UpdateEnvironment', settings, 'set')
  await account.settled()
  expect(await ask()).toBe('one a,b=c "d" $e \\ ü')
  expect(await account.messages({ RequestId: 'set' })).toEqual([
    'INFO Environment update is starting.',
    "INFO Updating environment shop-env's configuration settings.",
    'INFO Instance deployment completed successfully.',
    'INFO Successfully deployed new configuration to environment.',
  ])
  const { ResourceName: _, ...key } = { ResourceName: '', ...property('GREETING', '') }
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', OptionsToRemove: [key] })
  await account.settled()
  expect(await ask()).toBe('one ')
})

test('deploys a version and settings together', async () => {
  const { ask, ...account } = await running()
  await account.version('v2', answering('two '))
  await account.call('UpdateEnvironment', {
    EnvironmentName: 'shop-env',
    VersionLabel: 'v2',
    OptionSettings: [property('GREETING', 'bye')],
  })
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
  expect(await ask()).toBe('two bye')
})

test('restarts the application with the real sequence of events', async () => {
  const { ask, ...account } = await running()
  await account.send('RestartAppServer', { EnvironmentName: 'shop-env' }, 'restart')
  await account.settled()
  expect(await ask()).toBe('one hello')
  expect(await account.messages({ RequestId: 'restart' })).toEqual([
    'INFO restartAppServer is starting.',
    'INFO Instance deployment completed successfully.',
    'INFO Restarted application server on all ec2 instances.',
  ])
})

test('a deploy whose build fails leaves the old version serving, and says what is wrong until the next deploy', async () => {
  const { ask, ...account } = await running()
  await account.version('v2', unbuildable())
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  expect(await account.settled()).toMatchObject({
    VersionLabel: 'v1',
    Health: 'Red',
    HealthStatus: 'Degraded',
  })
  expect(await ask()).toBe('one hello')
  expect(masked(await account.messages({ RequestId: 'deploy' }))).toEqual([
    'INFO Environment update is starting.',
    'INFO Deploying new version to instance(s).',
    'ERROR Instance deployment failed to build the Docker image. The deployment failed.',
    "ERROR Instance deployment failed. For details, see 'eb-engine.log'.",
    'ERROR [Instance: i-…] Command failed on instance. Return code: 1 Output: Engine execution has encountered an error..',
    'INFO Command execution completed on all instances. Summary: [Successful: 0, Failed: 1].',
    "ERROR Unsuccessful command execution on instance id(s) 'i-…'. Aborting the operation.",
    'ERROR Failed to deploy application.',
  ])
  const health = await account.call('DescribeEnvironmentHealth', {
    EnvironmentName: 'shop-env',
    AttributeNames: ['All'],
  })
  expect(health.Causes!.slice(0, 2)).toEqual([
    'Command failed on all instances.',
    'Incorrect application version found on all instances. Expected version "v1" (deployment 1).',
  ])
  expect(health).toMatchObject({
    HealthStatus: 'Degraded',
    Color: 'Red',
    InstancesHealth: { Degraded: 1, Ok: 0 },
  })
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v1' })
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
})

test('an application that ends at once fails its deploy, and its output is kept', async () => {
  const { ask, ...account } = await running()
  await account.version('v2', crashing())
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  await account.settled()
  expect(await ask()).toBe('one hello')
  expect(await account.messages({ RequestId: 'deploy' })).toContain(
    'ERROR Instance deployment: The Docker container unexpectedly ended after it was started.',
  )
})

test('a configuration that fails is taken back', async () => {
  const { ask, ...account } = await running()
  await account.version('v2', crashing())
  await account.send(
    'UpdateEnvironment',
    { EnvironmentName: 'shop-env', VersionLabel: 'v2', OptionSettings: [property('GREETING', 'lost')] },
    'update',
  )
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect(await ask()).toBe('one hello')
  const messages = await account.messages({ RequestId: 'update' })
  expect(messages.slice(-2)).toEqual([
    'ERROR Failed to deploy configuration.',
    'ERROR The environment was reverted to the previous configuration setting.',
  ])
})

test('an environment whose first deployment fails is Ready, Red and still there', async () => {
  const account = await openAccount()
  await account.version('v1', unbuildable())
  await account.send('CreateEnvironment', singleInstance('v1'), 'create')
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Red', HealthStatus: 'Degraded' })
  const messages = masked(await account.messages({ RequestId: 'create' }))
  expect(messages.slice(-6)).toEqual([
    'ERROR Instance deployment failed to build the Docker image. The deployment failed.',
    "ERROR Instance deployment failed. For details, see 'eb-engine.log'.",
    'ERROR [Instance: i-…] Command failed on instance. Return code: 1 Output: Engine execution has encountered an error..',
    'INFO Command execution completed on all instances. Summary: [Successful: 0, Failed: 1].',
    "ERROR Unsuccessful command execution on instance id(s) 'i-…'. Aborting the operation.",
    'ERROR Create environment operation is complete, but with errors. For more information, see troubleshooting documentation.',
  ])
  const health = (await account.messages({ EnvironmentName: 'shop-env' })).filter((message) =>
    /health/.test(message),
  )
  expect(masked(health).at(-1)).toBe(
    'WARN Environment health has transitioned from Pending to Degraded. Command failed on all instances. Initialization completed N seconds ago and took N seconds.',
  )
})

test('a command that takes too long is given up, with the real sequence of events', async () => {
  const { ask, ...account } = await running()
  const slow = answering('two ')
  slow['Dockerfile'] = slow['Dockerfile']!.replace('EXPOSE', 'RUN sleep 30\nEXPOSE')
  await account.version('v2', slow)
  const timeout = option('aws:elasticbeanstalk:command', 'Timeout', '1')
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', OptionSettings: [timeout] })
  await account.settled()
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Degraded' })
  expect(await ask()).toBe('one hello')
  expect(masked(await account.messages({ RequestId: 'deploy' })).slice(2)).toEqual([
    'WARN The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-…].',
    'INFO Command execution completed on all instances. Summary: [Successful: 0, TimedOut: 1].',
    "ERROR Unsuccessful command execution on instance id(s) 'i-…'. Aborting the operation.",
    'ERROR Failed to deploy application.',
  ])
})

test('an application that ends later is started again, and the environment says both', async () => {
  const account = await openAccount()
  const files = answering('alive')
  files['server.js'] = files['server.js']!.replace(
    'response.end(',
    "request.url === '/die' ? process.exit(1) : response.end(",
  )
  await account.version('v1', files)
  await account.call('CreateEnvironment', singleInstance('v1'))
  const { CNAME } = await account.settled()
  expect((await fetch(`http://${CNAME}/die`)).status).toBe(502)
  await expect
    .poll(() => account.messages(), { timeout: 5000 })
    .toContainEqual(
      expect.stringMatching(/^WARN .* from Ok to Severe\. Impaired services on all instances\./),
    )
  await expect.poll(async () => (await account.environment()).HealthStatus, { timeout: 5000 }).toBe('Ok')
  expect(await (await fetch(`http://${CNAME}/`)).text()).toBe('alive')
})

test('an environment without an instance profile fails to launch and is terminated', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  const { OptionSettings, ...rest } = singleInstance('v1')
  const settings = OptionSettings.filter(({ OptionName }) => OptionName !== 'IamInstanceProfile')
  await account.send('CreateEnvironment', { ...rest, OptionSettings: settings }, 'create')
  expect(await account.settled()).toMatchObject({ Status: 'Terminated' })
  expect((await account.messages({ RequestId: 'create' })).slice(-2)).toEqual([
    'ERROR Environment must have instance profile associated with it.',
    'ERROR Failed to launch environment.',
  ])
})

test.each([
  ['on another port than the one exposed', { listen: 8081 }],
  ['on 127.0.0.1 only', { host: '127.0.0.1' }],
])('an application that listens %s is deployed, answers 502 and is Severe', async (_, listening) => {
  const account = await openAccount()
  await account.version('v1', answering('one', listening))
  await account.call('CreateEnvironment', singleInstance('v1'))
  const { CNAME, ...environment } = await account.settled()
  expect(environment).toMatchObject({ HealthStatus: 'Severe', Health: 'Red' })
  expect((await fetch(`http://${CNAME}/`)).status).toBe(502)
  const health = await account.call('DescribeEnvironmentHealth', {
    EnvironmentName: 'shop-env',
    AttributeNames: ['Causes'],
  })
  expect(health.Causes).toContain('100.0 % of the requests are failing with HTTP 5xx.')
})

test('terminates with the real sequence of events, frees the name and lets nothing run', async () => {
  const { ask, ...account } = await running()
  await account.send('TerminateEnvironment', { EnvironmentName: 'shop-env' }, 'end')
  expect(await account.settled()).toMatchObject({ Status: 'Terminated', Health: 'Grey' })
  await expect(ask()).rejects.toThrow()
  expect(masked(await account.messages({ RequestId: 'end' }))).toEqual([
    'INFO terminateEnvironment is starting.',
    "INFO Validating environment's EC2 instances have termination protection disabled before performing termination.",
    "INFO Finished validating environment's EC2 instances for termination protection.",
    'INFO Waiting for EC2 instances to terminate. This may take a few minutes.',
    'INFO Deleted EIP: …',
    'INFO Deleted security group named: sg-…',
    'INFO Deleting SNS topic for environment shop-env.',
    'INFO terminateEnvironment completed successfully.',
  ])
  const { Environments } = await account.call('DescribeEnvironments', { IncludeDeleted: false })
  expect(Environments).toEqual([])
  const again = await account.call(
    'CreateEnvironment',
    singleInstance('v1', option('aws:autoscaling:asg', 'MinSize', '1')),
  )
  expect(again.Status).toBe('Launching')
  await account.settled()
})
