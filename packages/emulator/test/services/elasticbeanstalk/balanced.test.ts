import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { balanced, openAccount, option, property } from './account.ts'
import { answering, crashing } from './application.ts'
import { masked } from './masked.ts'

const command = 'aws:elasticbeanstalk:command'
const rolling = [
  option(command, 'DeploymentPolicy', 'Rolling'),
  option(command, 'BatchSizeType', 'Fixed'),
  option(command, 'BatchSize', '1'),
]

async function running(...more: ReturnType<typeof option>[]) {
  const account = await openAccount()
  await account.version('v1', answering('one '))
  await account.send('CreateEnvironment', balanced('v1', 2, ...more), 'create')
  const { CNAME } = await account.settled()
  return { ...account, ask: async (path = '/') => (await fetch(`http://${CNAME}${path}`)).text() }
}

/** Asks all the time, also what takes a while, until stopped. */
function askAllTheTime(ask: (path?: string) => Promise<string>) {
  const answers: string[] = []
  let over = false
  const askers = ['/', '/slow', '/slow'].map(async (path) => {
    while (!over) {
      answers.push(await ask(path))
      await systemClock.sleep(5)
    }
  })
  return async () => {
    over = true
    await Promise.all(askers)
    return answers
  }
}

test('launches instances behind a load balancer with the real sequence of events', async () => {
  const account = await running()
  const messages = masked(await account.messages({ RequestId: 'create' })).map(
    (message) => message.split(':')[0],
  )
  expect(messages).toEqual([
    'INFO createEnvironment is starting.',
    'INFO Using elasticbeanstalk-us-east-1-123456789012 as Amazon S3 storage bucket for environment data.',
    'INFO Created target group named',
    'INFO Created security group named',
    'INFO Created security group named',
    'INFO Created Auto Scaling group named',
    'INFO Waiting for EC2 instances to launch. This may take a few minutes.',
    'INFO Created Auto Scaling group policy named',
    'INFO Created Auto Scaling group policy named',
    'INFO Created CloudWatch alarm named',
    'INFO Created CloudWatch alarm named',
    'INFO Created load balancer named',
    'INFO Created Load Balancer listener named',
    'INFO Instance deployment completed successfully.',
    'INFO Application available at ….',
    'INFO Successfully launched environment',
  ])
  const { EnvironmentResources } = await account.call('DescribeEnvironmentResources', {
    EnvironmentName: 'shop-env',
  })
  expect(EnvironmentResources!.Instances).toHaveLength(2)
  expect(EnvironmentResources!.LoadBalancers).toHaveLength(1)
  await account.send('TerminateEnvironment', { EnvironmentName: 'shop-env' }, 'end')
  await account.settled()
  expect(
    (await account.messages({ RequestId: 'end' })).map((message) => message.split(/ named|:/)[0]),
  ).toEqual([
    'INFO terminateEnvironment is starting.',
    "INFO Validating environment's EC2 instances have termination protection disabled before performing termination.",
    "INFO Finished validating environment's EC2 instances for termination protection.",
    'INFO Waiting for EC2 instances to terminate. This may take a few minutes.',
    'INFO Deleted CloudWatch alarm',
    'INFO Deleted CloudWatch alarm',
    'INFO Deleted Load Balancer listener',
    'INFO Deleted Auto Scaling group policy',
    'INFO Deleted Auto Scaling group policy',
    'INFO Deleted Auto Scaling group',
    'INFO Deleted load balancer',
    'INFO Deleted target group',
    'INFO Deleted security group',
    'INFO Deleted security group',
    'INFO Deleting SNS topic for environment shop-env.',
    'INFO terminateEnvironment completed successfully.',
  ])
})

test('rolls a version out in batches, with the real sequence of events and without losing a request', async () => {
  const { ask, ...account } = await running(...rolling)
  await account.version('v2', answering('two '))
  const stop = askAllTheTime(ask)
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
  expect(new Set(await stop())).toEqual(new Set(['one ', 'two ']))
  const batch = (number: number) => [
    `INFO Batch ${number}: Starting application deployment on instance(s) [i-…].`,
    `INFO Batch ${number}: De-registering instance(s) from the load balancer and waiting for them to go out of service.`,
    `INFO Batch ${number}: Starting application deployment command execution.`,
    'INFO Instance deployment completed successfully.',
    `INFO Batch ${number}: Completed application deployment command execution.`,
    `INFO Command execution completed on ${number} of 2 instances in environment.`,
    `INFO Batch ${number}: Registering instance(s) with the load balancer and waiting for them to be healthy. `,
    `INFO Batch ${number}: Completed application deployment.`,
  ]
  expect(masked(await account.messages({ RequestId: 'deploy' }))).toEqual([
    'INFO Environment update is starting.',
    'INFO Deploying new version to instance(s).',
    ...batch(1),
    ...batch(2),
    'INFO New application version was deployed to running EC2 instances.',
    'INFO Environment update completed successfully.',
  ])
})

test('changes a property in batches too, without losing a request', async () => {
  const { ask, ...account } = await running(...rolling)
  const stop = askAllTheTime(ask)
  await account.call('UpdateEnvironment', {
    EnvironmentName: 'shop-env',
    OptionSettings: [property('GREETING', 'hello')],
  })
  await account.settled()
  expect(new Set(await stop())).toEqual(new Set(['one ', 'one hello']))
  expect(await ask()).toBe('one hello')
})

test('a rolling deploy stops at the first batch that fails, and the instances differ from what is expected', async () => {
  const { ask, ...account } = await running(...rolling)
  await account.version('v2', crashing())
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Degraded' })
  expect(await ask()).toBe('one ')
  expect((await account.messages({ RequestId: 'deploy' })).slice(-2)).toEqual([
    'ERROR During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.',
    'ERROR Failed to deploy application.',
  ])
  const { Causes } = await account.call('DescribeEnvironmentHealth', {
    EnvironmentName: 'shop-env',
    AttributeNames: ['Causes'],
  })
  expect(Causes!.slice(0, 2)).toEqual([
    'Command failed on 1 out of 2 instances.',
    'Incorrect application version found on 1 out of 2 instances. Expected version "v1" (deployment 1).',
  ])
})

test('an additional batch keeps the number of instances in service, and goes again', async () => {
  const policy = option(command, 'DeploymentPolicy', 'RollingWithAdditionalBatch')
  const { ask, ...account } = await running(...rolling.slice(1), policy)
  await account.version('v2', answering('two '))
  const stop = askAllTheTime(ask)
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' })
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
  expect(new Set(await stop())).toEqual(new Set(['one ', 'two ']))
  const { InstanceHealthList } = await account.call('DescribeInstancesHealth', {
    EnvironmentName: 'shop-env',
  })
  expect(InstanceHealthList).toHaveLength(2)
})

test('an immutable deploy replaces the instances with the real sequence of events', async () => {
  const { ask, ...account } = await running(option(command, 'DeploymentPolicy', 'Immutable'))
  await account.version('v2', answering('two '))
  const stop = askAllTheTime(ask)
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  await account.settled()
  expect(new Set(await stop())).toEqual(new Set(['one ', 'two ']))
  const instance = [
    'INFO Instance deployment completed successfully.',
    'INFO Adding new instance(s) (i-…) to the load balancer.',
    'INFO Waiting for instance(s) (i-…) to pass health checks. ',
  ]
  expect(masked(await account.messages({ RequestId: 'deploy' }))).toEqual([
    'INFO Environment update is starting.',
    'INFO Deploying new version to instance(s).',
    'INFO Immutable deployment policy enabled. Launching one instance with the new settings to verify health.',
    'INFO Created temporary auto scaling group awseb-e-…-immutable-stack-AWSEBAutoScalingGroup-….',
    ...instance,
    'INFO Test instance passed health checks. Launching remaining new instances.',
    ...instance,
    'INFO Successfully launched all instances.',
    'INFO Detached new instance(s) from temporary auto scaling group awseb-e-…-immutable-stack-AWSEBAutoScalingGroup-….',
    'INFO Attached new instance(s) to the permanent auto scaling group awseb-e-…-stack-AWSEBAutoScalingGroup-….',
    'INFO Starting post-deployment configuration on new instances.',
    'INFO Instance deployment completed successfully.',
    'INFO Waiting for post-deployment configuration to complete.',
    'INFO Deployment succeeded. Terminating old instances and temporary Auto Scaling group.',
    'INFO New application version was deployed to running EC2 instances.',
    'INFO Environment update completed successfully.',
  ])
})

test('an immutable deploy that fails leaves nothing of itself behind', async () => {
  const { ask, ...account } = await running(option(command, 'DeploymentPolicy', 'Immutable'))
  const before = await account.call('DescribeEnvironmentResources', { EnvironmentName: 'shop-env' })
  await account.version('v2', crashing())
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' })
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect(await account.call('DescribeEnvironmentResources', { EnvironmentName: 'shop-env' })).toEqual(before)
  expect(await ask()).toBe('one ')
})

test('scales out and in, and replaces instances when what they are launched with changes', async () => {
  const { ask, ...account } = await running()
  const sized = (count: number) => [
    option('aws:autoscaling:asg', 'MinSize', String(count)),
    option('aws:autoscaling:asg', 'MaxSize', String(count)),
  ]
  const instances = async () =>
    (await account.call('DescribeEnvironmentResources', { EnvironmentName: 'shop-env' }))
      .EnvironmentResources!.Instances!
  const update = async (OptionSettings: ReturnType<typeof option>[]) => {
    await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', OptionSettings })
    return account.settled()
  }
  await update(sized(3))
  expect(await instances()).toHaveLength(3)
  expect(await update(sized(1))).toMatchObject({ HealthStatus: 'Ok' })
  const [kept] = await instances()
  await update([option('aws:ec2:instances', 'InstanceTypes', 't3.small')])
  const replaced = await instances()
  expect(replaced).toHaveLength(1)
  expect(replaced).not.toContainEqual(kept)
  expect(await ask()).toBe('one ')
})

test('a batch that fails its checks gets no request and fails the deploy in the time of a command', async () => {
  const checks = option('aws:elasticbeanstalk:environment:process:default', 'HealthCheckPath', '/')
  const timeout = option(command, 'Timeout', '8')
  const { ask, ...account } = await running(...rolling, checks, timeout)
  await account.version('v2', answering('two ', { listen: 8081 }))
  const stop = askAllTheTime(ask)
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'deploy')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Degraded' })
  expect(await account.messages({ RequestId: 'deploy' })).toContainEqual(
    expect.stringMatching(/^ERROR The following instance\(s\) did not pass health checks/),
  )
  expect(new Set(await stop())).toEqual(new Set(['one ']))
})
