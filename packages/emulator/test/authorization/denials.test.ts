import * as beanstalk from '@aws-sdk/client-elastic-beanstalk'
import * as iam from '@aws-sdk/client-iam'
import * as s3 from '@aws-sdk/client-s3'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratch } from '../support/local-account.ts'
import { clientOf, started } from '../support/started.ts'
import { allowing, trustOf, userWith } from '../services/iam/account.ts'

const ASSETS = 'arn:aws:s3:::elasticbeanstalk-platform-assets-us-east-1/*'
const STACK = {
  PlatformArn: 'arn:aws:elasticbeanstalk:us-east-1::platform/Docker running on 64bit Amazon Linux 2023',
}

test('a caller without rights is told which one is missing, in the words of each service', async () => {
  const emulator = await started()
  const { arn, client } = await userWith(emulator, undefined)
  const { region, accountId } = emulator
  const missing = (action: string, resource: string) =>
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
  const eb = new beanstalk.ElasticBeanstalkClient(client)
  await expect(
    eb.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: missing(
      'elasticbeanstalk:CreateApplication',
      `arn:aws:elasticbeanstalk:${region}:${accountId}:application/shop`,
    ),
    $metadata: { httpStatusCode: 403 },
  })
  await expect(
    new iam.IAMClient(client).send(new iam.GetRoleCommand({ RoleName: 'r' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: missing('iam:GetRole', `arn:aws:iam::${accountId}:role/r`),
  })
  await expect(
    new s3.S3Client(client).send(new s3.PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'x' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: missing('s3:PutObject', '"arn:aws:s3:::bucket/k"'),
  })
})

test('what was created with rights can be read with fewer, and no more than they say', async () => {
  const emulator = await started()
  const admin = new s3.S3Client(clientOf(emulator))
  await admin.send(new s3.CreateBucketCommand({ Bucket: 'bucket' }))
  await admin.send(new s3.PutObjectCommand({ Bucket: 'bucket', Key: 'open/k', Body: 'x' }))
  await admin.send(new s3.PutObjectCommand({ Bucket: 'bucket', Key: 'closed/k', Body: 'x' }))
  const { client } = await userWith(emulator, allowing('s3:GetObject', 'arn:aws:s3:::bucket/open/*'))
  const ada = new s3.S3Client(client)
  const got = await ada.send(new s3.GetObjectCommand({ Bucket: 'bucket', Key: 'open/k' }))
  expect(await got.Body?.transformToString()).toBe('x')
  for (const command of [
    new s3.GetObjectCommand({ Bucket: 'bucket', Key: 'closed/k' }),
    new s3.ListObjectsV2Command({ Bucket: 'bucket' }),
    new s3.DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects: [{ Key: 'open/k' }] } }),
    new s3.CopyObjectCommand({ Bucket: 'bucket', Key: 'open/l', CopySource: 'bucket/open/k' }),
  ])
    await expect(ada.send(command as s3.GetObjectCommand)).rejects.toMatchObject({ name: 'AccessDenied' })
})

test('an explicit deny is told from a missing allow', async () => {
  const emulator = await started()
  const denied = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:List*', Resource: '*' },
    ],
  })
  const { client } = await userWith(emulator, denied)
  await expect(new iam.IAMClient(client).send(new iam.ListRolesCommand({}))).rejects.toMatchObject({
    message: expect.stringMatching(/with an explicit deny in an identity-based policy$/),
  })
})

test('Beanstalk acts with the rights of its caller, and names the one that is missing', async () => {
  const emulator = await started()
  const admin = new beanstalk.ElasticBeanstalkClient(clientOf(emulator))
  await admin.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' }))
  const { client, name } = await userWith(emulator, allowing('elasticbeanstalk:*'))
  const eb = new beanstalk.ElasticBeanstalkClient(client)
  await expect(eb.send(new beanstalk.CreateStorageLocationCommand({}))).rejects.toMatchObject({
    name: 'InsufficientPrivilegesException',
    message: expect.stringContaining(
      'is not authorized to perform: s3:CreateBucket on resource: arn:aws:s3:::elasticbeanstalk-us-east-1-',
    ),
  })
  const create = () =>
    eb.send(
      new beanstalk.CreateEnvironmentCommand({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-env',
        ...STACK,
      }),
    )
  const allow = (...actions: string[]) =>
    new iam.IAMClient(clientOf(emulator)).send(
      new iam.PutUserPolicyCommand({ UserName: name, PolicyName: 'only', PolicyDocument: allowing(actions) }),
    )
  await allow('elasticbeanstalk:*', 's3:*Bucket*')
  await expect(create()).rejects.toMatchObject({
    message: expect.stringContaining('iam:CreateServiceLinkedRole'),
  })
  await allow('elasticbeanstalk:*', 's3:*Bucket*', 'iam:*')
  await expect(create()).rejects.toMatchObject({
    name: 'InsufficientPrivilegesException',
    message: expect.stringMatching(
      /^Access Denied: S3Bucket=elasticbeanstalk-platform-assets-us-east-1, S3Key=stalks\//,
    ),
  })
  await allow('elasticbeanstalk:*', 's3:*', 'iam:*')
  await expect(create()).rejects.toMatchObject({
    message: expect.stringContaining('cloudformation:CreateStack'),
  })
})

test('a role that may not be passed stops the environment that would get it', async () => {
  const emulator = await started()
  const admin = new iam.IAMClient(clientOf(emulator))
  const RoleName = 'instances'
  await admin.send(
    new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustOf('ec2.amazonaws.com') }),
  )
  await admin.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: 'profile' }))
  await admin.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'profile', RoleName }))
  const eb = new beanstalk.ElasticBeanstalkClient(clientOf(emulator))
  await eb.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' }))
  const passOnly = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', NotAction: 'iam:PassRole', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      },
    ],
  })
  const { client } = await userWith(emulator, passOnly)
  const refused = new beanstalk.ElasticBeanstalkClient(client).send(
    new beanstalk.CreateEnvironmentCommand({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-env',
      ...STACK,
      OptionSettings: [
        {
          Namespace: 'aws:autoscaling:launchconfiguration',
          OptionName: 'IamInstanceProfile',
          Value: 'profile',
        },
      ],
    }),
  )
  await expect(refused).rejects.toMatchObject({
    message: expect.stringContaining(
      `iam:PassRole on resource: arn:aws:iam::${emulator.accountId}:role/${RoleName}`,
    ),
  })
})

test('an account of narrow permissions holds its own user to the policy', async () => {
  const file = join(await scratch(), 'policy.json')
  await writeFile(file, allowing(['iam:GetUser', 's3:GetObject'], ['*', ASSETS]))
  const emulator = await started({ account: `narrow-permissions:${file}` })
  const client = new iam.IAMClient(clientOf(emulator))
  expect((await client.send(new iam.GetUserCommand({}))).User?.UserName).toBe('lucree')
  await expect(client.send(new iam.ListRolesCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' })
})
