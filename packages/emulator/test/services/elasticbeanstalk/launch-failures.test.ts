import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { addVpc } from '../../../src/services/ec2/world/default-vpc.ts'
import { newId } from '../../../src/services/ec2/world/ids.ts'
import { balanced, openAccount, option, singleInstance, type Account } from './account.ts'
import { answering } from './application.ts'

const vpc = (name: string, value: string) => option('aws:ec2:vpc', name, value)
const launch = (name: string, value: string) => option('aws:autoscaling:launchconfiguration', name, value)
const types = (value: string) => option('aws:ec2:instances', 'InstanceTypes', value)

const incomplete =
  'ERROR Create environment operation is complete, but with errors. For more information, see troubleshooting documentation.'
const unheard =
  'ERROR The EC2 instances failed to communicate with AWS Elastic Beanstalk, either because of configuration problems with the VPC or a failed EC2 instance. Check your VPC configuration and try launching the environment again.'
const aborted = (id: string | undefined, logical: string) =>
  `ERROR Stack named 'awseb-${id}-stack' aborted operation. Current state: 'CREATE_FAILED' Reason: The following resource(s) failed to create: [${logical}].`
const noScalingGroup = (id: string | undefined) =>
  `ERROR Service:AmazonCloudFormation, Message:Resource AWSEBAutoScalingGroup does not exist for stack awseb-${id}-stack`

/** Launches what can't be launched; answers the errors that its call caused. */
async function launched(account: Account, request: ReturnType<typeof singleInstance>) {
  await account.version('v1', answering('one'))
  const { EnvironmentId } = await account.send('CreateEnvironment', request, 'create')
  const environment = await account.settled()
  const errors = await account.messages({ RequestId: 'create', Severity: 'ERROR' })
  return { id: EnvironmentId, environment, errors }
}

async function resources(account: Account) {
  const { EnvironmentResources } = await account.call('DescribeEnvironmentResources', {
    EnvironmentName: 'shop-env',
  })
  return EnvironmentResources!
}

/** A VPC with a subnet in each of the zones, its routes as told. */
async function network(
  { network: { file } }: Account,
  zones: string[],
  { nat = false, gateway = false }: { nat?: boolean; gateway?: boolean } = {},
) {
  return file.change((draft) => {
    const { id } = addVpc(draft, '10.0.0.0/16')
    const subnets = zones.map((zone, index) => {
      const subnet = newId('subnet')
      draft.subnets.push({
        ...{ id: subnet, vpc: id, zone: `us-east-1${zone}`, cidr: `10.0.${index}.0/24` },
        ...{ isDefault: false, publicAddresses: false, tags: {} },
      })
      return subnet
    })
    const table = draft.routeTables.find((one) => one.vpc === id)!
    if (nat) table.routes.push({ destination: '0.0.0.0/0', target: newId('nat') })
    if (gateway) table.routes.push({ destination: '0.0.0.0/0', target: newId('igw') })
    return { vpc: id, subnets: subnets.join(',') }
  })
}

test('without a default VPC no load balancer and no Auto Scaling group can be made', async () => {
  const account = await openAccount({ scenario: { defaultVpc: false } })
  const { id, environment, errors } = await launched(account, balanced('v1', 1))
  expect(errors).toEqual([
    'ERROR Creating load balancer failed Reason: Default VPC not found',
    aborted(id, 'AWSEBV2LoadBalancer'),
    noScalingGroup(id),
    incomplete,
  ])
  expect(environment).toMatchObject({ Status: 'Ready', Health: 'Grey' })
  expect(await resources(account)).toMatchObject({ AutoScalingGroups: [], LoadBalancers: [], Instances: [] })
  const tag = { ResourceArn: environment.EnvironmentArn!, TagsToAdd: [{ Key: 'team', Value: 'a' }] }
  await account.call('UpdateTagsForResource', tag)
  await account.settled()
  expect(await resources(account)).toMatchObject({ AutoScalingGroups: [], LoadBalancers: [] })
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  expect(await account.settled()).toMatchObject({ Status: 'Terminated' })
  expect((await account.messages()).filter((message) => message.includes('Deleted'))).toEqual([])
})

test('without a default VPC a single instance gets no security group', async () => {
  const account = await openAccount({ scenario: { defaultVpc: false } })
  const { id, errors } = await launched(account, singleInstance('v1'))
  expect(errors).toEqual([
    expect.stringMatching(
      /^ERROR Creating security group named: awseb-e-.{10}-stack-AWSEBSecurityGroup-.{12} failed Reason: No default VPC for this user$/,
    ),
    aborted(id, 'AWSEBSecurityGroup'),
    noScalingGroup(id),
    incomplete,
  ])
})

test('a launch configuration is refused in the words of the service', async () => {
  const account = await openAccount()
  const { id, errors } = await launched(account, singleInstance('v1', launch('DisableIMDSv1', 'false')))
  expect(errors).toEqual([
    'ERROR Creating Auto Scaling launch configuration failed Reason: Resource handler returned message: "The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups. (Service: AutoScaling, Status Code: 400, Request ID: create)" (RequestToken: create, HandlerErrorCode: GeneralServiceException)',
    aborted(id, 'AWSEBAutoScalingLaunchConfiguration'),
    noScalingGroup(id),
    incomplete,
  ])
  const made = await account.messages({ RequestId: 'create' })
  expect(made.some((message) => message.startsWith('INFO Created EIP'))).toBe(true)
})

test.each([
  ['gp3', [launch('DisableIMDSv1', 'false'), launch('RootVolumeType', 'gp3')], 'LaunchTemplates'],
  ['an account that may', [launch('DisableIMDSv1', 'false')], 'LaunchConfigurations'],
] as const)('with %s it is made', async (what, options, kind) => {
  const scenario = { launchConfigurations: what !== 'gp3' }
  const account = await openAccount({ scenario })
  const { environment, errors } = await launched(account, singleInstance('v1', ...options))
  expect(errors).toEqual([])
  expect(environment.Health).toBe('Green')
  expect((await resources(account))[kind]).toHaveLength(1)
})

test('a load balancer needs two zones', async () => {
  const account = await openAccount()
  const own = await network(account, ['a'], { nat: true })
  const { id, errors } = await launched(
    account,
    balanced('v1', 1, vpc('VPCId', own.vpc), vpc('Subnets', own.subnets)),
  )
  expect(errors).toEqual([
    'ERROR Creating load balancer failed Reason: At least two subnets in two different Availability Zones must be specified',
    aborted(id, 'AWSEBV2LoadBalancer'),
    incomplete,
  ])
})

test('a sixth elastic address is one too many', async () => {
  const account = await openAccount({ scenario: { full: true } })
  const request = { ...singleInstance('v1'), ApplicationName: 'legacy-01' }
  const { EnvironmentId: id } = await account.send('CreateEnvironment', request, 'create')
  await account.settled()
  expect(await account.messages({ RequestId: 'create', Severity: 'ERROR' })).toEqual([
    'ERROR Creating EIP failed Reason: The maximum number of addresses has been reached.',
    aborted(id, 'AWSEBEIP'),
    noScalingGroup(id),
    incomplete,
  ])
})

test.each([
  [
    'a type that the free plan does not cover',
    { freePlan: true },
    't3.medium',
    "Could not launch On-Demand Instances. InvalidParameterCombination - The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'. Launching EC2 instance failed.",
  ],
  [
    'more processors than the account may have',
    {},
    'm5.4xlarge',
    'Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.',
  ],
])('%s leaves the environment launching, then without instances', async (_, scenario, type, message) => {
  const account = await openAccount({ scenario })
  await account.version('v1', answering('one'))
  const { EnvironmentId: id } = await account.send(
    'CreateEnvironment',
    balanced('v1', 3, types(type)),
    'create',
  )
  await systemClock.sleep(1500)
  expect(await account.environment()).toMatchObject({ Status: 'Launching', Health: 'Grey' })
  expect(account.failedLaunches()).toContain(message)
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Grey' })
  expect(await account.messages({ RequestId: 'create', Severity: 'ERROR' })).toEqual([
    aborted(id, 'AWSEBInstanceLaunchWaitCondition'),
    unheard,
    incomplete,
  ])
  expect(await resources(account)).toMatchObject({ Instances: [], AutoScalingGroups: [{}] })
})

test('a type that the only zone lacks is not launched', async () => {
  const account = await openAccount()
  const own = await network(account, ['e'], { nat: true })
  const { errors } = await launched(
    account,
    singleInstance('v1', vpc('VPCId', own.vpc), vpc('Subnets', own.subnets), types('t3.micro')),
  )
  expect(errors).toContain(unheard)
  expect(account.failedLaunches()).toContain(
    'Could not launch On-Demand Instances. Unsupported - Your requested instance type (t3.micro) is not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone. Launching EC2 instance failed.',
  )
})

test('an environment that hangs for lack of an instance can be terminated', async () => {
  const account = await openAccount({ scenario: { freePlan: true } })
  await account.version('v1', answering('one'))
  await account.call('CreateEnvironment', singleInstance('v1', types('m5.large')))
  await systemClock.sleep(500)
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env', ForceTerminate: true })
  expect(await account.settled()).toMatchObject({ Status: 'Terminated' })
  expect(account.belongings()).toEqual([])
})

test('instances in subnets without a way out run, and nobody hears of them', async () => {
  const account = await openAccount()
  const own = await network(account, ['a', 'b'])
  const { id, environment, errors } = await launched(
    account,
    balanced('v1', 2, vpc('VPCId', own.vpc), vpc('Subnets', own.subnets)),
  )
  expect(errors).toEqual([aborted(id, 'AWSEBInstanceLaunchWaitCondition'), unheard, incomplete])
  expect(environment).toMatchObject({ Status: 'Ready', Health: 'Red', HealthStatus: 'Severe' })
  expect((await resources(account)).Instances).toHaveLength(2)
  const { Causes, InstancesHealth } = await account.call('DescribeEnvironmentHealth', {
    EnvironmentName: 'shop-env',
    AttributeNames: ['All'],
  })
  expect(Causes).toContain('None of the instances are sending data.')
  expect(InstancesHealth).toMatchObject({ NoData: 2 })
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v1' }, 'deploy')
  await account.settled()
  expect(await account.messages({ RequestId: 'deploy', Severity: 'WARN' })).toContainEqual(
    expect.stringMatching(
      /^WARN The following instances have not responded in the allowed command timeout time/,
    ),
  )
})

test.each([
  ['a NAT gateway', { nat: true }, []],
  ['an internet gateway and public addresses', { gateway: true }, [vpc('AssociatePublicIpAddress', 'true')]],
])('%s is a way out', async (_, routes, more) => {
  const account = await openAccount()
  const own = await network(account, ['a', 'b'], routes)
  const { environment, errors } = await launched(
    account,
    balanced('v1', 1, vpc('VPCId', own.vpc), vpc('Subnets', own.subnets), ...more),
  )
  expect(errors).toEqual([])
  expect(environment.Health).toBe('Green')
})

test.each([
  [
    [vpc('VPCId', 'vpc-1')],
    "Invalid option value: 'vpc-1' (Namespace: 'aws:ec2:vpc', OptionName: 'VPCId'): The VPC 'vpc-1' does not exist",
  ],
  [
    [vpc('Subnets', 'subnet-1')],
    "Invalid option value: 'subnet-1' (Namespace: 'aws:ec2:vpc', OptionName: 'Subnets'): The subnet 'subnet-1' does not exist",
  ],
])('a network that is not there is refused before anything is made (%#)', async (options, message) => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  await expect(account.call('CreateEnvironment', singleInstance('v1', ...options))).rejects.toMatchObject({
    code: 'ConfigurationValidationException',
    message: `Configuration validation exception: ${message}`,
  })
})

test('a VPC without subnets for its load balancer is refused, and so is moving into a VPC later', async () => {
  const account = await openAccount()
  const own = await network(account, ['a', 'b'], { nat: true })
  await account.version('v1', answering('one'))
  await expect(
    account.call('CreateEnvironment', balanced('v1', 1, vpc('VPCId', own.vpc))),
  ).rejects.toMatchObject({
    message:
      "Configuration validation exception: Invalid option value: 'null' (Namespace: 'aws:ec2:vpc', OptionName: 'Subnets'): Specify the subnets for the VPC for load balancer type application.",
  })
  await account.call('CreateEnvironment', singleInstance('v1'))
  await account.settled()
  await expect(
    account.call('UpdateEnvironment', {
      EnvironmentName: 'shop-env',
      OptionSettings: [vpc('VPCId', own.vpc), vpc('Subnets', own.subnets)],
    }),
  ).rejects.toMatchObject({
    message:
      'Configuration validation exception: You cannot migrate an environment to a VPC. Launch a new environment in the VPC.',
  })
})

test('an update to a type that can not be had is taken back, and the old instance goes on serving', async () => {
  const account = await openAccount({ scenario: { freePlan: true } })
  const { environment } = await launched(account, singleInstance('v1'))
  await account.send(
    'UpdateEnvironment',
    { EnvironmentName: 'shop-env', OptionSettings: [types('m5.large')] },
    'update',
  )
  expect(await account.settled()).toMatchObject({ Status: 'Ready', Health: 'Green' })
  expect(await account.messages({ RequestId: 'update', Severity: 'ERROR' })).toEqual([
    `ERROR Stack named 'awseb-${environment.EnvironmentId}-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_COMPLETE' Reason: The following resource(s) failed to update: [AWSEBAutoScalingGroup].`,
    'ERROR Failed to deploy configuration.',
    'ERROR The environment was reverted to the previous configuration setting.',
  ])
  expect(await (await fetch(`http://${environment.CNAME}/`)).text()).toBe('one')
})

test('a security group that another one names keeps its environment from going', async () => {
  const account = await openAccount()
  await launched(account, singleInstance('v1'))
  const { id, name } = account.belongings()[0]!.groups[0]!
  const setRules = (rules: { id: string; protocol: string; peer: { group: string } }[]) =>
    account.network.file.change((draft) => void (draft.groups[0]!.rules = rules))
  await setRules([{ id: 'sgr-1', protocol: '-1', peer: { group: id } }])
  await account.send('TerminateEnvironment', { EnvironmentName: 'shop-env' }, 'terminate')
  expect(await account.settled()).toMatchObject({ Status: 'Ready' })
  expect(await account.messages({ RequestId: 'terminate', Severity: 'ERROR' })).toEqual([
    `ERROR Deleting security group named: ${name} failed Reason: resource ${id} has a dependent object`,
    'ERROR Stack deletion failed: The following resource(s) failed to delete: [AWSEBSecurityGroup].',
    'ERROR Failed to terminate environment.',
  ])
  await setRules([])
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  expect(await account.settled()).toMatchObject({ Status: 'Terminated' })
  expect(account.belongings()).toEqual([])
})
