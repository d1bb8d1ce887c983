import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling'
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import * as ec2 from '@aws-sdk/client-ec2'
import * as beanstalk from '@aws-sdk/client-elastic-beanstalk'
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2'
import { IAMClient } from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { scratch } from '../../support/local-account.ts'
import { clientOf, started } from '../../support/started.ts'
import { makeInstanceProfile } from '../iam/account.ts'
import { balanced, option, singleInstance } from './account.ts'

const streaming = option('aws:elasticbeanstalk:cloudwatch:logs', 'StreamLogs', 'true')
const withEnvironment = { Filters: [{ Name: 'tag:elasticbeanstalk:environment-name', Values: ['shop-env'] }] }

/** A whole account with the sample application launched as the request asks. */
async function launched(request: ReturnType<typeof singleInstance>, dir?: string) {
  const emulator = await started({ dir: dir ?? (await scratch()) })
  const client = clientOf(emulator)
  await makeInstanceProfile(new IAMClient(client))
  const eb = new beanstalk.ElasticBeanstalkClient(client)
  await eb.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' }))
  const before = await emulator.inventory()
  const { VersionLabel: _, ...input } = request
  await eb.send(new beanstalk.CreateEnvironmentCommand(input))
  const settled = async (status: string) => {
    for (let tries = 0; tries < 400; tries++, await systemClock.sleep(25)) {
      const { Environments } = await eb.send(new beanstalk.DescribeEnvironmentsCommand({}))
      if (Environments![0]!.Status === status) return Environments![0]!
    }
    throw new Error(`it never became ${status}`)
  }
  const environment = await settled('Ready')
  const { EnvironmentResources: resources } = await eb.send(
    new beanstalk.DescribeEnvironmentResourcesCommand({ EnvironmentName: 'shop-env' }),
  )
  const terminated = async () => {
    await eb.send(new beanstalk.TerminateEnvironmentCommand({ EnvironmentName: 'shop-env' }))
    await settled('Terminated')
  }
  return { emulator, client, before, environment, resources: resources!, terminated }
}

test('a single instance has its group, address, template and instance in EC2, and takes them away again', async () => {
  const { emulator, client, before, environment, resources, terminated } = await launched(singleInstance(''))
  const network = new ec2.EC2Client(client)
  const { SecurityGroups } = await network.send(new ec2.DescribeSecurityGroupsCommand(withEnvironment))
  expect(SecurityGroups).toMatchObject([
    {
      GroupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/) as string,
      IpPermissions: [{ FromPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    },
  ])
  expect(SecurityGroups![0]!.Tags).toContainEqual({
    Key: 'elasticbeanstalk:environment-id',
    Value: environment.EnvironmentId,
  })
  const id = resources.Instances![0]!.Id!
  const { Addresses } = await network.send(new ec2.DescribeAddressesCommand({}))
  expect(Addresses).toMatchObject([{ InstanceId: id, Domain: 'vpc' }])
  const { Reservations } = await network.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }))
  expect(Reservations).toMatchObject([
    {
      Instances: [
        {
          InstanceId: id,
          InstanceType: 't3.micro',
          State: { Name: 'running' },
          Placement: { AvailabilityZone: 'us-east-1a' },
          PublicIpAddress: Addresses![0]!.PublicIp,
          SecurityGroups: [{ GroupId: SecurityGroups![0]!.GroupId }],
        },
      ],
    },
  ])
  const { LaunchTemplates } = await network.send(new ec2.DescribeLaunchTemplatesCommand({}))
  expect(LaunchTemplates).toMatchObject([{ LaunchTemplateId: resources.LaunchTemplates![0]!.Id }])
  const scaling = new AutoScalingClient(client)
  const { AutoScalingGroups } = await scaling.send(new DescribeAutoScalingGroupsCommand({}))
  expect(AutoScalingGroups).toMatchObject([
    {
      AutoScalingGroupName: resources.AutoScalingGroups![0]!.Name,
      MinSize: 1,
      MaxSize: 1,
      Instances: [{ InstanceId: id, LifecycleState: 'InService' }],
    },
  ])
  const AutoScalingGroupName = AutoScalingGroups![0]!.AutoScalingGroupName!
  const { Activities } = await scaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName }))
  expect(Activities).toMatchObject([
    { StatusCode: 'Successful', Description: `Launching a new EC2 instance: ${id}` },
  ])
  const GroupId = SecurityGroups![0]!.GroupId!
  await expect(network.send(new ec2.DeleteSecurityGroupCommand({ GroupId }))).rejects.toMatchObject({
    name: 'DependencyViolation',
  })
  expect((await emulator.inventory()).length).toBeGreaterThan(before.length + 5)
  await terminated()
  const left = (await emulator.inventory()).filter((arn) => !before.includes(arn))
  expect(left.filter((arn) => !/:iam:|^s3:|^arn:aws:s3:/.test(arn))).toEqual([])
})

test('what was made is the same after the end of the server', async () => {
  const dir = await scratch()
  const { emulator } = await launched(balanced('', 1), dir)
  const before = await emulator.inventory()
  await emulator.close()
  const next = await started({ dir })
  expect(await next.inventory()).toEqual(before)
})

test('behind a load balancer there are target group, listener, two groups and policies, and targets with their health', async () => {
  const { client, resources, environment } = await launched(balanced('', 2))
  const balancing = new elb.ElasticLoadBalancingV2Client(client)
  const { LoadBalancers } = await balancing.send(new elb.DescribeLoadBalancersCommand({}))
  expect(LoadBalancers).toMatchObject([
    {
      LoadBalancerArn: resources.LoadBalancers![0]!.Name,
      DNSName: environment.CNAME,
      State: { Code: 'active' },
      Scheme: 'internet-facing',
    },
  ])
  const LoadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!
  const { TargetGroups } = await balancing.send(new elb.DescribeTargetGroupsCommand({ LoadBalancerArn }))
  expect(TargetGroups).toMatchObject([
    { HealthCheckPath: '/', HealthyThresholdCount: 3, Matcher: { HttpCode: '200' } },
  ])
  const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!
  const { TargetHealthDescriptions } = await balancing.send(
    new elb.DescribeTargetHealthCommand({ TargetGroupArn }),
  )
  expect(
    TargetHealthDescriptions!.map(({ Target, TargetHealth }) => [Target!.Id, TargetHealth!.State]),
  ).toEqual(resources.Instances!.map(({ Id }) => [Id, 'healthy']))
  const { Listeners } = await balancing.send(new elb.DescribeListenersCommand({ LoadBalancerArn }))
  expect(Listeners).toMatchObject([{ Port: 80, DefaultActions: [{ Type: 'forward', TargetGroupArn }] }])
  const { TagDescriptions } = await balancing.send(
    new elb.DescribeTagsCommand({ ResourceArns: [LoadBalancerArn] }),
  )
  expect(TagDescriptions![0]!.Tags).toContainEqual({
    Key: 'elasticbeanstalk:environment-name',
    Value: 'shop-env',
  })
  const scaling = new AutoScalingClient(client)
  const { ScalingPolicies } = await scaling.send(new DescribePoliciesCommand({}))
  expect(ScalingPolicies!.map(({ ScalingAdjustment }) => ScalingAdjustment)).toEqual([1, -1])
  const groups = await new ec2.EC2Client(client).send(new ec2.DescribeSecurityGroupsCommand(withEnvironment))
  const [instances, balancer] = groups.SecurityGroups!
  expect(instances!.IpPermissions).toMatchObject([{ UserIdGroupPairs: [{ GroupId: balancer!.GroupId }] }])
  await expect(
    balancing.send(new elb.DescribeLoadBalancersCommand({ LoadBalancerArns: [`${LoadBalancerArn}x`] })),
  ).rejects.toMatchObject({ name: 'LoadBalancerNotFoundException' })
})

test('streamed logs can be read while the environment lives, and stay when it goes', async () => {
  const { client, resources, terminated } = await launched(singleInstance('', streaming))
  const logs = new CloudWatchLogsClient(client)
  const logGroupNamePrefix = '/aws/elasticbeanstalk/shop-env/'
  const groups = async () =>
    (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }))).logGroups!.map(
      ({ logGroupName, retentionInDays }) => [
        logGroupName!.slice(logGroupNamePrefix.length),
        retentionInDays,
      ],
    )
  const all = [
    ['var/log/eb-docker/containers/eb-current-app/stdouterr.log', 7],
    ['var/log/eb-engine.log', 7],
    ['var/log/eb-hooks.log', 7],
    ['var/log/nginx/access.log', 7],
    ['var/log/nginx/error.log', 7],
  ]
  expect(await groups()).toEqual(all)
  const logGroupName = `${logGroupNamePrefix}var/log/eb-engine.log`
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }))
  const logStreamName = resources.Instances![0]!.Id!
  expect(logStreams).toMatchObject([{ logStreamName }])
  const { events } = await logs.send(
    new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, limit: 2 }),
  )
  expect(events).toHaveLength(2)
  expect(events![0]!.message).toMatch(/\[INFO\] Starting/)
  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName, filterPattern: '"Starting EBPlatform"' }),
  )
  expect(found.events).toMatchObject([{ logStreamName }])
  await terminated()
  expect(await groups()).toEqual(all)
})

test('logs that are to go with their environment are gone after it', async () => {
  const goes = option('aws:elasticbeanstalk:cloudwatch:logs', 'DeleteOnTerminate', 'true')
  const { client, terminated } = await launched(singleInstance('', streaming, goes))
  const logs = new CloudWatchLogsClient(client)
  expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toHaveLength(5)
  await terminated()
  expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([])
})
