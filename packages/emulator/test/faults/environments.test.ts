import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import type { Arming } from '../../src/index.ts'
import { faultsFrom } from '../../src/faults/life.ts'
import { FaultRegister } from '../../src/faults/register.ts'
import {
  balanced,
  openAccount,
  option,
  singleInstance,
  type Account,
} from '../services/elasticbeanstalk/account.ts'
import { answering } from '../services/elasticbeanstalk/application.ts'

/** An account whose environments meet what is armed. */
async function account() {
  const register = new FaultRegister({ keep: async () => undefined, mayKill: false })
  const nameOf = (id: string) =>
    opened.belongings().find(({ environmentId }) => environmentId === id)?.environmentName
  const kill = () => Promise.reject(new Error('not in a test'))
  const opened: Account = await openAccount({ faults: faultsFrom({ register, nameOf, kill }) })
  return { ...opened, register }
}

/** The same with version v1, v2 and faults armed; `create` makes an environment of one instance. */
async function withVersions(...armings: Arming[]) {
  const made = await account()
  await made.version('v1', answering('one'))
  await made.version('v2', answering('two'))
  for (const arming of armings) await made.register.arm(arming)
  const create = (...more: ReturnType<typeof option>[]) =>
    made.call('CreateEnvironment', singleInstance('v1', ...more))
  const deploy = () => made.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' })
  return { ...made, create, deploy }
}

/** eb-engine.log of the one instance that there is. */
async function engineLog({ dir }: { dir: string }): Promise<string> {
  const instances = join(dir, 'elasticbeanstalk/instances')
  const [id = ''] = await readdir(instances)
  return readFile(join(instances, id, 'var/log/eb-engine.log'), 'utf8')
}

const briefly = option('aws:elasticbeanstalk:command', 'Timeout', '1')

test.each([
  [
    'image-pull-denied',
    'Instance deployment failed to download the Docker image. The deployment failed.',
    /pull access denied/,
  ],
  [
    'image-rate-limited',
    'Instance deployment failed to download the Docker image. The deployment failed.',
    /toomanyrequests: You have reached your unauthenticated pull rate limit/,
  ],
  [
    'ecr-authentication',
    'Instance deployment: The ECR service failed to authenticate your private repository. The deployment failed.',
    /no basic auth credentials/,
  ],
  [
    'secrets-not-readable',
    'Instance deployment failed to get one or more secrets',
    /secretsmanager:GetSecretValue/,
  ],
  [
    'disk-full',
    'Instance deployment failed to build the Docker image. The deployment failed.',
    /no space left on device/,
  ],
  [
    'out-of-memory',
    'Instance deployment failed to build the Docker image. The deployment failed.',
    /non-zero code: 137/,
  ],
])(
  '%s fails an instance’s command as the platform tells it, and the next deployment works',
  async (fault, event, line) => {
    const account = await withVersions({ fault })
    await account.create()
    expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Red' })
    const messages = await account.messages()
    expect(messages).toContain(`ERROR ${event}`)
    expect(messages).toContain("ERROR Instance deployment failed. For details, see 'eb-engine.log'.")
    expect(await engineLog(account)).toMatch(line)
    await account.deploy()
    expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Green', VersionLabel: 'v2' })
  },
)

test('command-timeout tells the instances that have not responded', async () => {
  const account = await withVersions({ fault: 'command-timeout' })
  await account.create(briefly)
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Red' })
  const messages = (await account.messages()).map((text) => text.replaceAll(/i-[0-9a-f]+/g, 'i-…'))
  expect(messages).toEqual(
    expect.arrayContaining([
      'WARN The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-…].',
      'INFO Command execution completed on all instances. Summary: [Successful: 0, TimedOut: 1].',
      "ERROR Unsuccessful command execution on instance id(s) 'i-…'. Aborting the operation.",
    ]),
  )
})

test.each([
  [
    'insufficient-capacity',
    /InsufficientInstanceCapacity - We currently do not have sufficient t3.micro capacity in the Availability Zone you requested \(us-east-1a\)/,
  ],
  ['vcpu-limit', /VcpuLimitExceeded/],
])('%s keeps instances from being launched, and the scaling activities say so', async (fault, activity) => {
  const account = await withVersions({ fault })
  await account.create(option('aws:ec2:instances', 'InstanceTypes', 't3.micro'), briefly)
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Grey' })
  expect(account.failedLaunches()[0]).toMatch(activity)
  expect(await account.messages()).toContainEqual(expect.stringMatching(/AWSEBInstanceLaunchWaitCondition/))
})

test('a launch that fails once is tried again, and the environment comes up', async () => {
  const account = await withVersions({ fault: 'insufficient-capacity', times: 1 })
  await account.create()
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Green' })
  expect(account.failedLaunches()).toHaveLength(1)
})

test('instances-cannot-communicate ends a launch with the service’s sentence', async () => {
  const account = await withVersions({ fault: 'instances-cannot-communicate' })
  await account.create(briefly)
  await account.settled()
  expect(await account.messages()).toContainEqual(
    expect.stringMatching(/^ERROR The EC2 instances failed to communicate with AWS Elastic Beanstalk/),
  )
})

test('stuck-launching stays Launching and Grey, and stuck-updating Updating until it is aborted', async () => {
  const stuck = await withVersions({ fault: 'stuck-launching' })
  await stuck.create()
  await systemClock.sleep(1500)
  expect(await stuck.environment()).toMatchObject({ Status: 'Launching', Health: 'Grey' })

  const account = await withVersions({ fault: 'stuck-updating' })
  await account.create()
  expect(await account.settled()).toMatchObject({ Status: 'Ready' })
  await account.deploy()
  await expect
    .poll(() => account.messages(), { timeout: 10_000 })
    .toContain('INFO Environment update completed successfully.')
  await systemClock.sleep(300)
  expect(await account.environment()).toMatchObject({ Status: 'Updating' })
  await account.call('AbortEnvironmentUpdate', { EnvironmentName: 'shop-env' })
  expect(await account.settled()).toMatchObject({ Status: 'Ready' })
})

test('health-grey says nothing of an application that works, until it is cleared', async () => {
  const account = await withVersions({ fault: 'health-grey' })
  await account.create()
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Grey', HealthStatus: 'Unknown' })
  await systemClock.sleep(1000)
  expect(await account.environment()).toMatchObject({ Health: 'Grey' })
  await account.register.clear({ name: 'health-grey' })
  await expect.poll(async () => (await account.environment()).Health, { timeout: 5000 }).toBe('Green')
})

test('instances-silent keeps health Grey and what instances run untold, while they run it', async () => {
  const account = await withVersions({ fault: 'instances-silent' })
  await account.create()
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Grey', HealthStatus: 'NoData' })
  const seen = async () => {
    const asked = { EnvironmentName: 'shop-env', AttributeNames: ['All' as const] }
    return (await account.call('DescribeInstancesHealth', asked)).InstanceHealthList![0]!
  }
  expect(await seen()).toMatchObject({ HealthStatus: 'NoData' })
  expect(await seen()).not.toHaveProperty('Deployment')
  await account.register.clear({ name: 'instances-silent' })
  await expect.poll(seen, { timeout: 5000 }).toMatchObject({ Deployment: { VersionLabel: 'v1' } })
})

test('stack-failed fails updates with the stack’s state, and leaves what serves as it is, until a rebuild makes another stack', async () => {
  const account = await withVersions()
  await account.create()
  const { EnvironmentId } = await account.settled()
  await account.register.arm({ fault: 'stack-failed' })
  await account.deploy()
  expect(await account.settled()).toMatchObject({ Status: 'Ready', VersionLabel: 'v1', Health: 'Green' })
  expect(await account.messages()).toContain(
    `ERROR The stack awseb-${EnvironmentId}-stack associated with environment ${EnvironmentId} is in UPDATE_ROLLBACK_FAILED state`,
  )
  await account.call('RebuildEnvironment', { EnvironmentName: 'shop-env' })
  await account.settled()
  await account.deploy()
  expect(await account.settled()).toMatchObject({ Status: 'Ready', VersionLabel: 'v2', Health: 'Green' })
})

test('terminate-hangs leaves an environment Terminating', async () => {
  const account = await withVersions({ fault: 'terminate-hangs' })
  await account.create()
  await account.settled()
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  await systemClock.sleep(1500)
  expect(await account.environment()).toMatchObject({ Status: 'Terminating' })
  expect(await account.messages()).toContain('INFO terminateEnvironment is starting.')
})

test('events can come twice, never, or later than what they tell', async () => {
  const twice = await withVersions({ fault: 'event-duplicates' })
  await twice.create()
  await twice.settled()
  const launched = 'INFO Successfully launched environment: shop-env'
  expect((await twice.messages()).filter((text) => text === launched)).toHaveLength(2)

  const late = await withVersions({ fault: 'event-delay:2500' })
  await late.create()
  await late.settled()
  expect(await late.messages()).not.toContain(launched)
  await expect.poll(() => late.messages(), { timeout: 10_000 }).toContain(launched)

  const silent = await withVersions({ fault: 'events-never' })
  const { EnvironmentId } = await silent.create()
  await silent.settled()
  expect(await silent.messages({ EnvironmentId })).toEqual([])
})

test('late events are written when the server closes', async () => {
  const late = await withVersions({ fault: 'event-delay:60000' })
  await late.create()
  await late.settled()
  await late.close()
  expect(await late.messages()).toContain('INFO Successfully launched environment: shop-env')
})

test('a fault means the environment that it was armed for, by name or id, and no other', async () => {
  const account = await withVersions({ fault: 'disk-full', environment: 'other-env', times: 'forever' })
  await account.create()
  expect(await account.settled()).toMatchObject({ Health: 'Green' })
  await account.call('CreateEnvironment', { ...balanced('v1', 1), EnvironmentName: 'other-env' })
  expect(await account.settled('other-env')).toMatchObject({ Health: 'Red' })
  onTestFinished(() => account.close())
})
