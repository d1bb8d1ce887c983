import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { EmulatorOptions } from '../src/index.ts'
import { scratch } from './support/local-account.ts'
import { started } from './support/started.ts'

const run = promisify(execFile)

/** The AWS CLI, which parses the protocols on its own, against a whole account. */
async function cli(options: Partial<EmulatorOptions> = {}) {
  const emulator = await started(options)
  const home = await scratch()
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    NO_PROXY: '*',
  }
  return async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run('aws', [...args, '--output', 'json'], { env, cwd: home, timeout: 60_000 })
    return JSON.parse(stdout || 'null')
  }
}

test('aws ec2 sees the default VPC, and makes, opens and deletes a security group', async () => {
  const aws = await cli()
  const { Vpcs } = (await aws('ec2', 'describe-vpcs', '--filters', 'Name=isDefault,Values=true')) as {
    Vpcs: { VpcId: string; IsDefault: boolean }[]
  }
  expect(Vpcs).toMatchObject([{ IsDefault: true }])
  const named = ['--group-name', 'web', '--description', 'from the CLI', '--vpc-id', Vpcs[0]!.VpcId]
  const { GroupId } = (await aws('ec2', 'create-security-group', ...named)) as { GroupId: string }
  const rule = ['--group-id', GroupId, '--protocol', 'tcp', '--port', '443', '--cidr', '10.0.0.0/8']
  await aws('ec2', 'authorize-security-group-ingress', ...rule)
  expect(await aws('ec2', 'describe-security-groups', '--group-ids', GroupId)).toMatchObject({
    SecurityGroups: [
      { GroupName: 'web', IpPermissions: [{ FromPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] },
    ],
  })
  await aws('ec2', 'delete-security-group', '--group-id', GroupId)
  await expect(aws('ec2', 'describe-security-groups', '--group-ids', GroupId)).rejects.toMatchObject({
    stderr: expect.stringContaining('InvalidGroup.NotFound') as string,
  })
})

test('aws ec2 lists types that the free plan covers, in pages', async () => {
  const aws = await cli()
  const filter = ['--filters', 'Name=free-tier-eligible,Values=true', '--page-size', '5']
  const query = ['--query', 'InstanceTypes[].InstanceType']
  expect(await aws('ec2', 'describe-instance-types', ...filter, ...query)).toHaveLength(6)
})

test('aws autoscaling and aws elbv2 say what an account without environments has', async () => {
  const aws = await cli()
  expect(await aws('autoscaling', 'describe-auto-scaling-groups')).toEqual({ AutoScalingGroups: [] })
  await expect(
    aws('autoscaling', 'describe-scaling-activities', '--auto-scaling-group-name', 'none'),
  ).rejects.toMatchObject({ stderr: expect.stringContaining('AutoScalingGroup none not found') as string })
  expect(await aws('elbv2', 'describe-load-balancers')).toEqual({ LoadBalancers: [] })
  await expect(aws('elbv2', 'describe-load-balancers', '--names', 'none')).rejects.toMatchObject({
    stderr: expect.stringContaining('LoadBalancerNotFound') as string,
  })
})

test('aws logs makes a group, keeps it for a week and deletes it', async () => {
  const aws = await cli()
  const group = ['--log-group-name', '/shop/api']
  await aws('logs', 'create-log-group', ...group)
  await aws('logs', 'put-retention-policy', ...group, '--retention-in-days', '7')
  expect(await aws('logs', 'describe-log-groups')).toMatchObject({
    logGroups: [{ logGroupName: '/shop/api', retentionInDays: 7 }],
  })
  await aws('logs', 'delete-log-group', ...group)
  await expect(aws('logs', 'delete-log-group', ...group)).rejects.toMatchObject({
    stderr: expect.stringContaining('ResourceNotFoundException') as string,
  })
})

test('aws service-quotas tells what a full account may have', async () => {
  const aws = await cli({ account: 'full' })
  const quota = ['--service-code', 'ec2', '--quota-code', 'L-1216C47A']
  expect(await aws('service-quotas', 'get-service-quota', ...quota)).toMatchObject({ Quota: { Value: 1 } })
})
