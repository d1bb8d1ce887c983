import * as beanstalk from '@aws-sdk/client-elastic-beanstalk'
import * as iam from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import type { Need } from '../../src/authorization/authorize.ts'
import { evaluate } from '../../src/authorization/evaluate.ts'
import { checkPolicy } from '../../src/authorization/policy.ts'
import type { Emulator } from '../../src/index.ts'
import {
  CHANGE,
  CREATE,
  TERMINATE,
  type Place,
} from '../../src/services/elasticbeanstalk/rights-on-behalf.ts'
import managed from '../../src/services/iam/managed/policies.json' with { type: 'json' }
import { makeInstanceProfile, PROFILE, userWith } from '../services/iam/account.ts'
import { clientOf, started } from '../support/started.ts'

const option = (Namespace: string, OptionName: string, Value: string) => ({ Namespace, OptionName, Value })
const SETTINGS = [
  option('aws:elasticbeanstalk:environment', 'EnvironmentType', 'SingleInstance'),
  option('aws:elasticbeanstalk:cloudwatch:logs', 'StreamLogs', 'true'),
  option('aws:autoscaling:launchconfiguration', 'IamInstanceProfile', PROFILE),
]
const EnvironmentName = 'shop-env'
const create = () =>
  new beanstalk.CreateEnvironmentCommand({
    ApplicationName: 'shop',
    EnvironmentName,
    PlatformArn: 'arn:aws:elasticbeanstalk:us-east-1::platform/Docker running on 64bit Amazon Linux 2023',
    OptionSettings: SETTINGS,
  })
const update = () =>
  new beanstalk.UpdateEnvironmentCommand({
    EnvironmentName,
    OptionSettings: [option('aws:elasticbeanstalk:application:environment', 'A', 'b')],
  })
const terminate = () => new beanstalk.TerminateEnvironmentCommand({ EnvironmentName })

async function account() {
  const emulator = await started()
  const admin = new beanstalk.ElasticBeanstalkClient(clientOf(emulator))
  await makeInstanceProfile(new iam.IAMClient(clientOf(emulator)))
  await admin.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' }))
  return { emulator, admin }
}

async function settled(client: beanstalk.ElasticBeanstalkClient): Promise<string | undefined> {
  const look = async () => {
    const asked = new beanstalk.DescribeEnvironmentsCommand({ IncludeDeleted: true })
    return (await client.send(asked)).Environments?.at(-1)?.Status
  }
  await expect.poll(look, { timeout: 15_000 }).toMatch(/Ready|Terminated/)
  return look()
}

/** Denies a user one action after the other, and asks each time. */
async function eachDenied(
  emulator: Emulator,
  needs: readonly Need[],
  ask: (eb: beanstalk.ElasticBeanstalkClient) => Promise<unknown>,
) {
  const { client, name: UserName } = await userWith(emulator, undefined)
  const admin = new iam.IAMClient(clientOf(emulator))
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await admin.send(new iam.AttachUserPolicyCommand({ UserName, PolicyArn }))
  const eb = new beanstalk.ElasticBeanstalkClient(client)
  for (const Action of new Set(needs.map(({ action }) => action))) {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action, Resource: '*' }],
    })
    await admin.send(new iam.PutUserPolicyCommand({ UserName, PolicyName: 'only', PolicyDocument }))
    const words =
      Action === 's3:GetObject' ? 'Access Denied: S3Bucket=' : `to perform: ${Action} on resource: `
    await expect(ask(eb), Action).rejects.toMatchObject({
      name: 'InsufficientPrivilegesException',
      message: expect.stringContaining(words),
    })
  }
}

const place = ({ region, accountId }: Emulator): Place => ({
  ...{ region, accountId, id: 'e-*', name: EnvironmentName, bucket: 'b' },
  ...{ balanced: false, streamsLogs: true, ownServiceRole: false },
})

test('a right that Beanstalk needs of its caller is named when it alone is missing', async () => {
  const { emulator, admin } = await account()
  await eachDenied(emulator, CREATE(place(emulator)), (eb) => eb.send(create()))
  expect((await admin.send(new beanstalk.DescribeEnvironmentsCommand({}))).Environments).toEqual([])
})

test('a change without the rights to it is refused before anything happens', async () => {
  const { emulator, admin } = await account()
  await admin.send(create())
  expect(await settled(admin)).toBe('Ready')
  await eachDenied(emulator, CHANGE(place(emulator)), (eb) => eb.send(update()))
  expect(await settled(admin)).toBe('Ready')
}, 30_000)

test('a termination without the rights to it leaves the environment as it is', async () => {
  const { emulator, admin } = await account()
  await admin.send(create())
  expect(await settled(admin)).toBe('Ready')
  await eachDenied(emulator, TERMINATE(place(emulator)), (eb) => eb.send(terminate()))
  expect(await settled(admin)).toBe('Ready')
}, 30_000)

test("AWS's own policy for Beanstalk's administrators is enough to launch, change and terminate", async () => {
  const { emulator } = await account()
  const { client, name: UserName } = await userWith(emulator, undefined)
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess-AWSElasticBeanstalk'
  await new iam.IAMClient(clientOf(emulator)).send(new iam.AttachUserPolicyCommand({ UserName, PolicyArn }))
  const eb = new beanstalk.ElasticBeanstalkClient(client)
  await eb.send(create())
  expect(await settled(eb)).toBe('Ready')
  await eb.send(update())
  expect(await settled(eb)).toBe('Ready')
  await eb.send(terminate())
  expect(await settled(eb)).toBe('Terminated')
}, 30_000)

test('a load-balanced environment needs nothing that this policy does not allow', async () => {
  const emulator = await started()
  const policy = checkPolicy(managed['AdministratorAccess-AWSElasticBeanstalk'].document)
  const balanced = { ...place(emulator), balanced: true, bucket: 'elasticbeanstalk-us-east-1-1' }
  for (const { action, resource, context = {} } of [CREATE, CHANGE, TERMINATE].flatMap((of) => of(balanced)))
    expect([action, evaluate([policy], { action, resource, context })]).toEqual([action, 'allowed'])
})
