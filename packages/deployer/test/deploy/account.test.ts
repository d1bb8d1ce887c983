import { expect, test } from 'vitest'
import type { AccountCloud } from '../../src/account/ports.ts'
import { examineAccount, prepareAccount } from '../../src/deploy/account.ts'
import { deploy } from '../../src/deploy/deploy.ts'
import type { Observed } from '../../src/deploy/observe.ts'
import { deployRequest } from './deploy-request.ts'
import { type EmulatedAccount, emulatedAccount } from './emulated-account.ts'

/** A busy machine takes its time. */
const patient = (account: EmulatedAccount, cloud = account.cloud) => account.tools({ cloud, graceMs: 20_000 })

/** Names of the methods that were called, port by port. */
function recorded(cloud: AccountCloud): { cloud: AccountCloud; calls: string[] } {
  const calls: string[] = []
  const spy = (port: string) =>
    new Proxy(cloud[port as keyof AccountCloud], {
      get: (target, method: string) => {
        const call = (target as unknown as Record<string, (...given: unknown[]) => unknown>)[method]
        return (...given: unknown[]) => {
          calls.push(`${port}.${method}`)
          return call?.(...given)
        }
      },
    })
  const ports = Object.keys(cloud).map((port) => [port, spy(port)] as const)
  return { cloud: Object.fromEntries(ports) as unknown as AccountCloud, calls }
}

test('a first deploy makes what an empty account lacks, and a second one asks nothing of IAM and EC2', async () => {
  const account = await emulatedAccount()
  const first = await deploy(await deployRequest(account), patient(account))
  expect(first).toMatchObject({ outcome: 'deployed' })
  expect(first.steps.map(({ name }) => name)).toContain('create role aws-elasticbeanstalk-ec2-role')
  const request = await deployRequest(account, { text: 'changed' })
  const { cloud, calls } = recorded(account.cloud)
  expect((await deploy(request, patient(account, cloud))).outcome).toBe('deployed')
  expect(calls).toContain('beanstalk.updateEnvironment')
  expect(
    calls.filter((call) => /^(roles|network|usage)\.|createStorageLocation|createApplication/.test(call)),
  ).toEqual([])
})

test('IAM that shows the new profile to Beanstalk only after seconds is waited out', async () => {
  const account = await emulatedAccount('iam-delay:1500')
  const result = await deploy(await deployRequest(account), patient(account))
  expect(result).toMatchObject({ outcome: 'deployed' })
})

test('without a default VPC a deploy ends before anything is made, and with the flag it is made first', async () => {
  const account = await emulatedAccount('no-default-vpc')
  const refusedDeploy = deploy(await deployRequest(account), patient(account))
  await expect(refusedDeploy).rejects.toMatchObject({ code: 'LUC-ACCOUNT-NO-VPC', exitCode: 4 })
  expect(await account.emulator.inventory()).toEqual([])
  const limits = { makesRoles: true, makesDefaultVpc: true }
  const result = await deploy(await deployRequest(account, { account: limits }), patient(account))
  expect(result).toMatchObject({ outcome: 'deployed' })
  expect(await account.cloud.network.describeVpcs({ isDefault: true })).toHaveLength(1)
})

test.each([
  ['--no-iam in an account without roles', 'LUC-ACCOUNT-NO-PROFILE', {}, { makesRoles: false }],
  [
    'a subnet that is not there',
    'LUC-ACCOUNT-VPC-UNKNOWN',
    { network: { vpc: 'vpc-1', subnets: [], balancerSubnets: [] } },
    {},
  ],
  ['an instance type that is not there', 'LUC-ACCOUNT-TYPE-UNKNOWN', { instanceType: 't3.mikro' }, {}],
])('%s ends a deploy before anything is made', async (_, code, asked, limits) => {
  const account = await emulatedAccount()
  const allowed = { makesRoles: true, makesDefaultVpc: false, ...limits }
  const request = await deployRequest(account, { account: allowed, target: asked })
  await expect(deploy(request, patient(account))).rejects.toMatchObject({ code, exitCode: 4 })
  expect(await account.emulator.inventory()).toEqual([])
})

test('a role with the wrong trust ends a deploy before anything else is made', async () => {
  const account = await emulatedAccount()
  const statement = { Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const trust = { Version: '2012-10-17', Statement: [statement] }
  const name = 'aws-elasticbeanstalk-service-role'
  await account.cloud.roles.createRole({ name, description: '', trust, tags: {} })
  const before = await account.emulator.inventory()
  await expect(deploy(await deployRequest(account), patient(account))).rejects.toMatchObject({
    code: 'LUC-ACCOUNT-WRONG-TRUST',
    exitCode: 4,
  })
  expect(await account.emulator.inventory()).toEqual(before)
})

test('an environment that is there needs nothing: no call is made, and the bucket is the one that holds the lock', async () => {
  const account = await emulatedAccount()
  const { target } = await deployRequest(account)
  const environment = {} as NonNullable<Observed['environment']>
  const observed: Observed = { applicationExists: true, versions: [], environment }
  const content = { named: { label: 'v1' } } as Parameters<typeof examineAccount>[0]['content']
  const asked = { target, observed, content, makesRoles: true, makesDefaultVpc: false }
  const { cloud, calls } = recorded(account.cloud)
  const tools = account.tools({ cloud })
  const seen = await examineAccount(asked, tools)
  const ready = await prepareAccount({ ...asked, seen, bucket: 'elasticbeanstalk-us-east-1-1' }, tools)
  expect([seen, calls, account.said]).toEqual([undefined, [], []])
  expect(ready).toEqual({ bucket: 'elasticbeanstalk-us-east-1-1', ground: undefined, freshProfile: false })
})
