import * as sdk from '@aws-sdk/client-ec2'
import { expect, test } from 'vitest'
import { scratch } from '../../support/local-account.ts'
import { clientOf, started } from '../../support/started.ts'

async function opened(account?: string) {
  const dir = await scratch()
  const emulator = await started({ dir, ...(account === undefined ? {} : { account }) })
  const client = clientOf(emulator)
  return { emulator, dir, client, ec2: new sdk.EC2Client(client) }
}

test('a new account has a default VPC with a public subnet in each zone and a way to the internet', async () => {
  const { ec2, emulator } = await opened()
  const { Vpcs } = await ec2.send(
    new sdk.DescribeVpcsCommand({ Filters: [{ Name: 'isDefault', Values: ['true'] }] }),
  )
  expect(Vpcs).toMatchObject([{ IsDefault: true, CidrBlock: '172.31.0.0/16', State: 'available' }])
  const ofVpc = [{ Name: 'vpc-id', Values: [Vpcs![0]!.VpcId!] }]
  const { Subnets } = await ec2.send(new sdk.DescribeSubnetsCommand({ Filters: ofVpc }))
  expect(Subnets!.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(
    [...'abcdef'].map((letter) => `us-east-1${letter}`),
  )
  expect(Subnets!.every(({ MapPublicIpOnLaunch, DefaultForAz }) => MapPublicIpOnLaunch && DefaultForAz)).toBe(
    true,
  )
  const { RouteTables } = await ec2.send(new sdk.DescribeRouteTablesCommand({ Filters: ofVpc }))
  expect(RouteTables).toMatchObject([
    {
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: expect.stringMatching(/^igw-/) },
      ],
    },
  ])
  const { InternetGateways } = await ec2.send(new sdk.DescribeInternetGatewaysCommand({}))
  expect(InternetGateways).toMatchObject([{ Attachments: [{ VpcId: Vpcs![0]!.VpcId, State: 'available' }] }])
  const { SecurityGroups } = await ec2.send(new sdk.DescribeSecurityGroupsCommand({ Filters: ofVpc }))
  expect(SecurityGroups).toMatchObject([{ GroupName: 'default' }])
  expect((await emulator.inventory()).filter((arn) => arn.includes(':ec2:'))).toEqual([])
})

test('an account without a default VPC gets one, once, and it is there after a restart', async () => {
  const { ec2, dir, emulator } = await opened('no-default-vpc')
  const described = await ec2.send(new sdk.DescribeVpcsCommand({}))
  expect(described.Vpcs).toEqual([])
  const group = new sdk.CreateSecurityGroupCommand({ GroupName: 'g', Description: 'd' })
  await expect(ec2.send(group)).rejects.toMatchObject({
    name: 'VPCIdNotSpecified',
    message: 'No default VPC for this user',
  })
  const { Vpc } = await ec2.send(new sdk.CreateDefaultVpcCommand({}))
  await expect(ec2.send(new sdk.CreateDefaultVpcCommand({}))).rejects.toMatchObject({
    name: 'DefaultVpcAlreadyExists',
  })
  expect(await emulator.inventory()).toContainEqual(expect.stringMatching(new RegExp(`:vpc/${Vpc!.VpcId}$`)))
  await emulator.close()
  const next = clientOf(await started({ dir }))
  const again = await new sdk.EC2Client(next).send(new sdk.DescribeVpcsCommand({}))
  expect(again.Vpcs).toMatchObject([{ VpcId: Vpc!.VpcId }])
})

test.each([
  [
    new sdk.DescribeVpcsCommand({ VpcIds: ['vpc-1'] }),
    'InvalidVpcID.NotFound',
    "The vpc ID 'vpc-1' does not exist",
  ],
  [
    new sdk.DescribeSubnetsCommand({ SubnetIds: ['subnet-1'] }),
    'InvalidSubnetID.NotFound',
    "The subnet ID 'subnet-1' does not exist",
  ],
  [
    new sdk.DescribeSecurityGroupsCommand({ GroupIds: ['sg-1'] }),
    'InvalidGroup.NotFound',
    "The security group 'sg-1' does not exist",
  ],
  [
    new sdk.DescribeInstanceTypesCommand({ InstanceTypes: ['t9.huge'] as never }),
    'InvalidInstanceType',
    'The following supplied instance types do not exist: [t9.huge]',
  ],
  [
    new sdk.DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] }),
    'InvalidParameterValue',
    "The filter 'colour' is invalid",
  ],
])('what is not there is refused in EC2’s words (%#)', async (command, name, message) => {
  const { ec2 } = await opened()
  await expect(ec2.send(command)).rejects.toMatchObject({ name, message })
})

test('an action that is not there is named, and so is a wrong key', async () => {
  const { ec2, client } = await opened()
  await expect(ec2.send(new sdk.DescribeVolumesCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The local account does not know ec2:DescribeVolumes yet.',
  })
  const wrong = { ...client.credentials, secretAccessKey: 'x'.repeat(40) }
  const stranger = new sdk.EC2Client({ ...client, credentials: wrong })
  await expect(stranger.send(new sdk.DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'AuthFailure' })
})

test('types tell their processor, memory and whether the free plan covers them', async () => {
  const { ec2 } = await opened()
  const { InstanceTypes } = await ec2.send(
    new sdk.DescribeInstanceTypesCommand({ Filters: [{ Name: 'free-tier-eligible', Values: ['true'] }] }),
  )
  expect(InstanceTypes!.map(({ InstanceType }) => InstanceType).sort()).toEqual(
    ['c7i-flex.large', 'm7i-flex.large', 't3.micro', 't3.small', 't4g.micro', 't4g.small'].sort(),
  )
  const { InstanceTypes: named } = await ec2.send(
    new sdk.DescribeInstanceTypesCommand({ InstanceTypes: ['t3.micro', 't4g.small'] }),
  )
  expect(named).toMatchObject([
    {
      InstanceType: 't3.micro',
      FreeTierEligible: true,
      ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
      VCpuInfo: { DefaultVCpus: 2 },
      MemoryInfo: { SizeInMiB: 1024 },
    },
    { InstanceType: 't4g.small', ProcessorInfo: { SupportedArchitectures: ['arm64'] } },
  ])
  const names: (string | undefined)[] = []
  for await (const page of sdk.paginateDescribeInstanceTypes({ client: ec2, pageSize: 10 }, {}))
    names.push(...page.InstanceTypes!.map(({ InstanceType }) => InstanceType))
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(60)
})

test('us-east-1e has no t3 and newer', async () => {
  const { ec2 } = await opened()
  const zonesOf = async (type: string) => {
    const { InstanceTypeOfferings } = await ec2.send(
      new sdk.DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: [type] }],
      }),
    )
    return InstanceTypeOfferings!.map(({ Location }) => Location!.at(-1)).join('')
  }
  expect(await zonesOf('t3.micro')).toBe('abcdf')
  expect(await zonesOf('t2.micro')).toBe('abcdef')
})

test('a network can be made by hand: VPC, subnet, gateway, routes', async () => {
  const { ec2, emulator } = await opened()
  const { Vpc } = await ec2.send(
    new sdk.CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'own' }] }],
    }),
  )
  const VpcId = Vpc!.VpcId!
  const { Subnet } = await ec2.send(
    new sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1b' }),
  )
  expect(Subnet).toMatchObject({ AvailableIpAddressCount: 251, MapPublicIpOnLaunch: false })
  const { InternetGateway } = await ec2.send(new sdk.CreateInternetGatewayCommand({}))
  const gateway = InternetGateway!.InternetGatewayId!
  await ec2.send(new sdk.AttachInternetGatewayCommand({ VpcId, InternetGatewayId: gateway }))
  const { RouteTable } = await ec2.send(new sdk.CreateRouteTableCommand({ VpcId }))
  const RouteTableId = RouteTable!.RouteTableId!
  await ec2.send(
    new sdk.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway }),
  )
  await ec2.send(new sdk.AssociateRouteTableCommand({ RouteTableId, SubnetId: Subnet!.SubnetId! }))
  const { RouteTables } = await ec2.send(
    new sdk.DescribeRouteTablesCommand({
      Filters: [{ Name: 'association.subnet-id', Values: [Subnet!.SubnetId!] }],
    }),
  )
  expect(RouteTables).toMatchObject([{ RouteTableId, Routes: [{}, { GatewayId: gateway }] }])
  const tagged = await ec2.send(
    new sdk.DescribeVpcsCommand({ Filters: [{ Name: 'tag:Name', Values: ['o*'] }] }),
  )
  expect(tagged.Vpcs).toMatchObject([{ VpcId, Tags: [{ Key: 'Name', Value: 'own' }] }])
  expect((await emulator.inventory()).filter((arn) => arn.includes(':ec2:'))).toHaveLength(6)
})

test('security groups open, close and can not go as long as another one names them', async () => {
  const { ec2, emulator } = await opened()
  const made = async (GroupName: string) =>
    (await ec2.send(new sdk.CreateSecurityGroupCommand({ GroupName, Description: GroupName }))).GroupId!
  const [database, web] = [await made('database'), await made('web')]
  await expect(made('web')).rejects.toMatchObject({ name: 'InvalidGroup.Duplicate' })
  const fromWeb = {
    GroupId: database,
    IpPermissions: [
      { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: web }] },
    ],
  }
  await ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand(fromWeb))
  await expect(ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand(fromWeb))).rejects.toMatchObject({
    name: 'InvalidPermission.Duplicate',
  })
  const naming = new sdk.DescribeSecurityGroupsCommand({
    Filters: [{ Name: 'ip-permission.group-id', Values: [web] }],
  })
  expect((await ec2.send(naming)).SecurityGroups).toMatchObject([
    {
      GroupId: database,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, UserIdGroupPairs: [{ GroupId: web }] }],
    },
  ])
  await expect(ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId: web }))).rejects.toMatchObject({
    name: 'DependencyViolation',
    message: `resource ${web} has a dependent object`,
  })
  await ec2.send(new sdk.RevokeSecurityGroupIngressCommand(fromWeb))
  await expect(ec2.send(new sdk.RevokeSecurityGroupIngressCommand(fromWeb))).rejects.toMatchObject({
    name: 'InvalidPermission.NotFound',
  })
  for (const GroupId of [web, database]) await ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId }))
  expect((await emulator.inventory()).filter((arn) => arn.includes('security-group'))).toEqual([])
})

test('tags are put on, told and taken off', async () => {
  const { ec2 } = await opened()
  const { Subnets } = await ec2.send(new sdk.DescribeSubnetsCommand({}))
  const id = Subnets![0]!.SubnetId!
  await ec2.send(new sdk.CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'a b' }] }))
  const ofIt = { Filters: [{ Name: 'resource-id', Values: [id] }] }
  const { Tags } = await ec2.send(new sdk.DescribeTagsCommand(ofIt))
  expect(Tags).toEqual([{ ResourceId: id, ResourceType: 'subnet', Key: 'team', Value: 'a b' }])
  await ec2.send(new sdk.DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'team' }] }))
  expect((await ec2.send(new sdk.DescribeTagsCommand(ofIt))).Tags).toEqual([])
})

test('the account has the one region that it lives in', async () => {
  const { ec2 } = await opened()
  const names = async (input: sdk.DescribeRegionsCommandInput) =>
    (await ec2.send(new sdk.DescribeRegionsCommand(input))).Regions?.map(({ RegionName }) => RegionName) ?? []
  expect(await names({})).toEqual(['us-east-1'])
  expect(await names({ RegionNames: ['eu-west-1'] })).toEqual([])
})
