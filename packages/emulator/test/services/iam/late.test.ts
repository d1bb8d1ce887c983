import * as beanstalk from '@aws-sdk/client-elastic-beanstalk'
import * as iam from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import type { Emulator } from '../../../src/index.ts'
import { clientOf, started } from '../../support/started.ts'
import { makeInstanceProfile, PROFILE } from './account.ts'

/** What happens to an environment that is launched with the profile, or with none. */
async function launch(emulator: Emulator, name: string, profile: string | undefined = PROFILE) {
  const eb = new beanstalk.ElasticBeanstalkClient(clientOf(emulator))
  const option = (Namespace: string, OptionName: string, Value: string) => ({ Namespace, OptionName, Value })
  await eb.send(
    new beanstalk.CreateEnvironmentCommand({
      ApplicationName: 'shop',
      EnvironmentName: name,
      PlatformArn: 'arn:aws:elasticbeanstalk:us-east-1::platform/Docker running on 64bit Amazon Linux 2023',
      OptionSettings: [
        option('aws:elasticbeanstalk:environment', 'EnvironmentType', 'SingleInstance'),
        ...(profile === ''
          ? []
          : [option('aws:autoscaling:launchconfiguration', 'IamInstanceProfile', profile)]),
      ],
    }),
  )
  const about = { EnvironmentNames: [name], IncludeDeleted: true }
  const status = async () =>
    (await eb.send(new beanstalk.DescribeEnvironmentsCommand(about))).Environments?.at(-1)?.Status
  await expect.poll(status, { timeout: 15_000 }).toMatch(/Ready|Terminated/)
  const { Events } = await eb.send(new beanstalk.DescribeEventsCommand({ EnvironmentName: name }))
  const errors = Events!.filter(({ Severity }) => Severity === 'ERROR').map(({ Message }) => Message)
  return { status: await status(), errors: errors.reverse() }
}

async function account(kind: string) {
  const emulator = await started({ account: kind })
  const eb = new beanstalk.ElasticBeanstalkClient(clientOf(emulator))
  await eb.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' }))
  return { emulator, client: new iam.IAMClient(clientOf(emulator)) }
}

const UNSEEN = {
  status: 'Terminated',
  errors: [
    `The instance profile ${PROFILE} associated with the environment does not exist.`,
    'Failed to launch environment.',
  ],
}

test('an environment without a profile, or with one that is not there, does not come up', async () => {
  const { emulator } = await account('new')
  expect((await launch(emulator, 'none', '')).errors[0]).toBe(
    'Environment must have instance profile associated with it.',
  )
  expect(await launch(emulator, 'missing')).toEqual(UNSEEN)
})

test('where IAM is slow, a new profile is seen by IAM at once and by Beanstalk later', async () => {
  const { emulator, client } = await account('iam-delay:3000')
  await makeInstanceProfile(client)
  const got = await client.send(new iam.GetInstanceProfileCommand({ InstanceProfileName: PROFILE }))
  expect(got.InstanceProfile?.Roles).toHaveLength(1)
  expect(await launch(emulator, 'early')).toEqual(UNSEEN)
  await expect
    .poll(async () => (await launch(emulator, `late-${Date.now()}`)).status, {
      timeout: 20_000,
      interval: 500,
    })
    .toBe('Ready')
}, 60_000)

test('the first environment of an account makes the services’ own roles, which live as long as it', async () => {
  const { emulator, client } = await account('new')
  await makeInstanceProfile(client)
  expect((await launch(emulator, 'shop-env')).status).toBe('Ready')
  const { Roles } = await client.send(new iam.ListRolesCommand({ PathPrefix: '/aws-service-role/' }))
  expect(Roles!.map(({ RoleName }) => RoleName).sort()).toEqual([
    'AWSServiceRoleForAutoScaling',
    'AWSServiceRoleForElasticBeanstalk',
  ])
  const asked = { RoleName: 'AWSServiceRoleForAutoScaling' }
  const { DeletionTaskId } = await client.send(new iam.DeleteServiceLinkedRoleCommand(asked))
  const status = await client.send(new iam.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))
  expect(status).toMatchObject({
    Status: 'FAILED',
    Reason: { Reason: 'The role is in use by the environment shop-env.' },
  })
})
