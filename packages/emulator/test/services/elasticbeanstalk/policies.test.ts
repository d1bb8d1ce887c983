import { expect, test } from 'vitest'
import { balanced, openAccount, option, property, singleInstance } from './account.ts'
import { answering, crashing } from './application.ts'
import { loadOn } from './load.ts'
import { masked } from './masked.ts'

const command = 'aws:elasticbeanstalk:command'
const splitting = 'aws:elasticbeanstalk:trafficsplitting'
const rollingUpdate = 'aws:autoscaling:updatepolicy:rollingupdate'
const named = { EnvironmentName: 'shop-env' }
const policy = (name: string) => option(command, 'DeploymentPolicy', name)
const oneByOne = [option(command, 'BatchSizeType', 'Fixed'), option(command, 'BatchSize', '1')]
const checked = option('aws:elasticbeanstalk:environment:process:default', 'HealthCheckPath', '/')
const brief = option(command, 'Timeout', '5')

type Request = ReturnType<typeof balanced>

async function running(request: Request) {
  const account = await openAccount()
  await account.version('v1', answering('one '))
  await account.version('v2', answering('two '))
  await account.call('CreateEnvironment', request)
  const { CNAME } = await account.settled()
  const ids = async () =>
    (await account.call('DescribeEnvironmentResources', named)).EnvironmentResources!.Instances!.map(
      ({ Id }) => Id!,
    )
  /** Deploys under load, and tells how the load fared. */
  const deploy = async (VersionLabel: string) => {
    const stop = loadOn(CNAME)
    await account.send('UpdateEnvironment', { ...named, VersionLabel }, VersionLabel)
    const environment = await account.settled()
    return {
      environment,
      load: await stop(),
      events: masked(await account.messages({ RequestId: VersionLabel })),
    }
  }
  const labels = async () => {
    const AttributeNames: ['Deployment'] = ['Deployment']
    const { InstanceHealthList } = await account.call('DescribeInstancesHealth', { ...named, AttributeNames })
    return InstanceHealthList!
      .map(({ Deployment }) => `${Deployment!.VersionLabel} ${Deployment!.Status}`)
      .sort()
  }
  return { ...account, CNAME, ids, deploy, labels }
}

const policies: [string, Request][] = [
  ['AllAtOnce on two instances', balanced('v1', 2, policy('AllAtOnce'))],
  ['Rolling', balanced('v1', 2, policy('Rolling'), ...oneByOne)],
  ['RollingWithAdditionalBatch', balanced('v1', 2, policy('RollingWithAdditionalBatch'), ...oneByOne)],
  ['Immutable on two instances', balanced('v1', 2, policy('Immutable'))],
  ['TrafficSplitting', balanced('v1', 2, policy('TrafficSplitting'))],
  ['AllAtOnce on one instance', singleInstance('v1')],
  ['Immutable on one instance', singleInstance('v1', policy('Immutable'))],
]

test.each(policies)(
  '%s loses no request: neither while the new version comes, nor when a later one ends at once',
  async (name, request) => {
    const account = await running(request)
    const count = (await account.ids()).length
    const good = await account.deploy('v2')
    expect(good.load).toMatchObject({ failures: [], bodies: ['one ', 'two '] })
    expect(good.environment).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
    expect(await account.labels()).toEqual(Array.from({ length: count }, () => 'v2 Deployed'))

    await account.version('bad', crashing())
    const before = await account.ids()
    const bad = await account.deploy('bad')
    expect(bad.load).toMatchObject({ failures: [], bodies: ['two '] })
    expect(bad.events.at(-1)).toBe('ERROR Failed to deploy application.')
    const keepsOld = /Immutable|TrafficSplitting/.test(name)
    expect(bad.environment).toMatchObject({ VersionLabel: 'v2', HealthStatus: keepsOld ? 'Ok' : 'Degraded' })
    const mixed = bad.events.some((event) => event.startsWith('ERROR During an aborted deployment'))
    expect(mixed).toBe(!keepsOld && count > 1)
    if (keepsOld) expect(await account.ids()).toEqual(before)
  },
  30_000,
)

test.each([
  [1, 1],
  [2, 2],
])(
  'a changed property goes round %i instance(s) in %i batch(es), and no additional one is launched for it',
  async (count, batches) => {
    const account = await running(
      balanced('v1', count, policy('RollingWithAdditionalBatch'), ...oneByOne, checked),
    )
    const before = await account.ids()
    const stop = loadOn(account.CNAME)
    await account.send(
      'UpdateEnvironment',
      { ...named, OptionSettings: [property('COLOUR', 'green')] },
      'change',
    )
    expect(await account.settled()).toMatchObject({ HealthStatus: 'Ok' })
    const { failures } = await stop()
    expect(failures.length > 0).toBe(count === 1)
    expect(await account.ids()).toEqual(before)
    const said = await account.messages({ RequestId: 'change' })
    expect(said.filter((text) => text.includes('Starting application deployment on'))).toHaveLength(batches)
    expect(said.filter((text) => text.includes('Adding'))).toEqual([])
  },
)

test.each(policies.slice(1, 5))(
  '%s whose new version fails its checks: the old instances keep serving',
  async (name, { OptionSettings, ...request }) => {
    const account = await running({ ...request, OptionSettings: [...OptionSettings, checked, brief] })
    await account.version('deaf', answering('deaf ', { listen: 8081 }))
    const { environment, load } = await account.deploy('deaf')
    expect(load).toMatchObject({ failures: [], bodies: ['one '] })
    expect(environment).toMatchObject({ VersionLabel: 'v1' })
    const left = (await account.labels()).filter((label) => label.startsWith('deaf'))
    expect(left).toHaveLength(/Immutable|TrafficSplitting/.test(name) ? 0 : 1)
  },
  30_000,
)

test('a traffic split sends the new instances their share for the time of the evaluation', async () => {
  const percent = option(splitting, 'NewVersionPercent', '25')
  const account = await running(balanced('v1', 2, policy('TrafficSplitting'), percent))
  await account.send('UpdateEnvironment', { ...named, VersionLabel: 'v2' }, 'deploy')
  const said = async () => (await account.messages()).join('\n')
  await expect.poll(said, { timeout: 10_000, interval: 5 }).toContain('for an evaluation of 5 minute(s)')
  const answers: string[] = []
  for (let asked = 0; asked < 100; asked += 1)
    answers.push(await (await fetch(`http://${account.CNAME}/`)).text())
  expect(answers.filter((answer) => answer === 'two ')).toHaveLength(25)
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
  expect(masked(await account.messages({ RequestId: 'deploy' }))).toEqual([
    'INFO Environment update is starting.',
    'INFO Deploying new version to instance(s).',
    'INFO Traffic splitting deployment policy enabled. Launching 2 instance(s) with the new version.',
    'INFO Created temporary auto scaling group awseb-e-…-immutable-stack-AWSEBAutoScalingGroup-….',
    'INFO Instance deployment completed successfully.',
    'INFO Waiting for instance(s) (i-…, i-…) to pass health checks. ',
    'INFO Sending 25 percent of the traffic to the new instance(s) (i-…, i-…) for an evaluation of 5 minute(s).',
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

test('new instances that fail during their evaluation go, and the old version serves on', async () => {
  const account = await running(balanced('v1', 2, policy('TrafficSplitting'), checked))
  const before = await account.ids()
  const files = answering('late ')
  const late = `setTimeout(() => process.exit(1), 1500);${files['server.js']}`
  await account.version('late', { ...files, 'server.js': late })
  await account.send('UpdateEnvironment', { ...named, VersionLabel: 'late' }, 'deploy')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect(await account.ids()).toEqual(before)
  expect((await account.messages({ RequestId: 'deploy' })).slice(-2)).toEqual([
    'ERROR The new instance(s) failed health checks during the evaluation. All traffic goes to the old instance(s) again. Aborting the operation.',
    'ERROR Failed to deploy application.',
  ])
  expect(await (await fetch(`http://${account.CNAME}/`)).text()).toBe('one ')
})

test.each(['Health', 'Time', 'Immutable'])(
  'a change of what instances are launched with replaces them by %s without losing a request',
  async (type) => {
    const update = [
      option(rollingUpdate, 'RollingUpdateEnabled', 'true'),
      option(rollingUpdate, 'RollingUpdateType', type),
    ]
    const account = await running(balanced('v1', 2, ...update))
    const before = await account.ids()
    const stop = loadOn(account.CNAME)
    const OptionSettings = [option('aws:ec2:instances', 'InstanceTypes', 't3.small')]
    await account.send('UpdateEnvironment', { ...named, OptionSettings }, 'change')
    expect(await account.settled()).toMatchObject({ HealthStatus: 'Ok' })
    expect(await stop()).toMatchObject({ failures: [], bodies: ['one '] })
    const after = await account.ids()
    expect(after).toHaveLength(2)
    expect(after.filter((id) => before.includes(id))).toEqual([])
    const batches = (await account.messages({ RequestId: 'change' })).filter((text) =>
      text.includes('Rolling update:'),
    )
    expect(batches).toHaveLength(type === 'Immutable' ? 0 : 2)
  },
)

test('a rolling update that fails is replaced back', async () => {
  const update = [
    option(rollingUpdate, 'RollingUpdateEnabled', 'true'),
    option(rollingUpdate, 'RollingUpdateType', 'Health'),
  ]
  const account = await running(balanced('v1', 2, ...update))
  const needsGreeting = answering('fine ')
  // The second instance to be started with the property ends at once.
  needsGreeting['server.js'] = `
    const fs = require('node:fs'), mark = process.env.MARK
    if (mark && fs.existsSync(mark)) process.exit(1)
    if (mark) fs.writeFileSync(mark, '')
    ${needsGreeting['server.js']}`
  await account.version('picky', needsGreeting)
  await account.call('UpdateEnvironment', { ...named, VersionLabel: 'picky' })
  await account.settled()
  const stop = loadOn(account.CNAME)
  const OptionSettings = [
    option('aws:ec2:instances', 'InstanceTypes', 't3.small'),
    property('MARK', `${account.dir}/mark`),
  ]
  await account.send('UpdateEnvironment', { ...named, OptionSettings }, 'change')
  expect(await account.settled()).toMatchObject({ VersionLabel: 'picky', HealthStatus: 'Ok' })
  expect(await stop()).toMatchObject({ failures: [], bodies: ['fine '] })
  expect(await account.ids()).toHaveLength(2)
  expect((await account.messages({ RequestId: 'change' })).at(-1)).toBe(
    'ERROR The environment was reverted to the previous configuration setting.',
  )
})
