import * as sdk from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { clientOf, started } from '../../support/started.ts'
import { allowing, userWith } from './account.ts'

test('sts tells each caller apart by the key', async () => {
  const emulator = await started()
  const { arn, client } = await userWith(emulator, undefined)
  const who = await new STSClient(client).send(new GetCallerIdentityCommand({}))
  expect(who).toMatchObject({ Arn: arn, Account: emulator.accountId, UserId: expect.stringMatching(/^AIDA/) })
  const first = await new STSClient(clientOf(emulator)).send(new GetCallerIdentityCommand({}))
  expect(first.Arn).toBe(`arn:aws:iam::${emulator.accountId}:user/lucree`)
})

test('a key that is inactive or deleted is nobody’s', async () => {
  const emulator = await started()
  const { name: UserName, client } = await userWith(emulator, undefined)
  const iam = new sdk.IAMClient(clientOf(emulator))
  const key = { UserName, AccessKeyId: client.credentials.accessKeyId }
  const ask = () => new STSClient(client).send(new GetCallerIdentityCommand({}))
  await iam.send(new sdk.UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }))
  await expect(ask()).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  await iam.send(new sdk.UpdateAccessKeyCommand({ ...key, Status: 'Active' }))
  expect((await ask()).Arn).toMatch(/user\/ada$/)
  await iam.send(new sdk.DeleteAccessKeyCommand(key))
  await expect(ask()).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
})

test('a user has two keys at most, and goes after them and their policies', async () => {
  const emulator = await started()
  const { name: UserName, client } = await userWith(emulator, allowing('s3:*'))
  const iam = new sdk.IAMClient(clientOf(emulator))
  const second = await iam.send(new sdk.CreateAccessKeyCommand({ UserName }))
  await expect(iam.send(new sdk.CreateAccessKeyCommand({ UserName }))).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  })
  const remove = () => iam.send(new sdk.DeleteUserCommand({ UserName }))
  await expect(remove()).rejects.toMatchObject({
    message: 'Cannot delete entity, must delete access keys first.',
  })
  for (const AccessKeyId of [client.credentials.accessKeyId, second.AccessKey!.AccessKeyId!])
    await iam.send(new sdk.DeleteAccessKeyCommand({ UserName, AccessKeyId }))
  await expect(remove()).rejects.toMatchObject({
    message: 'Cannot delete entity, must delete policies first.',
  })
  await iam.send(new sdk.DeleteUserPolicyCommand({ UserName, PolicyName: 'only' }))
  await remove()
  expect(await emulator.inventory()).toEqual([])
})

test('without a name, a user is the one who asks', async () => {
  const emulator = await started()
  const { client } = await userWith(emulator, allowing(['iam:GetUser', 'iam:ListAccessKeys']))
  const iam = new sdk.IAMClient(client)
  expect((await iam.send(new sdk.GetUserCommand({}))).User?.UserName).toBe('ada')
  const { AccessKeyMetadata } = await iam.send(new sdk.ListAccessKeysCommand({}))
  expect(AccessKeyMetadata).toMatchObject([{ UserName: 'ada', Status: 'Active' }])
})

test('a simulation says what the requests themselves would meet', async () => {
  const emulator = await started()
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::open/*' },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    ],
  })
  const { arn } = await userWith(emulator, policy)
  const iam = new sdk.IAMClient(clientOf(emulator))
  const { EvaluationResults } = await iam.send(
    new sdk.SimulatePrincipalPolicyCommand({
      PolicySourceArn: arn,
      ActionNames: ['s3:GetObject', 's3:DeleteObject', 'ec2:RunInstances'],
      ResourceArns: ['arn:aws:s3:::open/k'],
    }),
  )
  expect(
    EvaluationResults?.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision]),
  ).toEqual([
    ['s3:GetObject', 'allowed'],
    ['s3:DeleteObject', 'explicitDeny'],
    ['ec2:RunInstances', 'implicitDeny'],
  ])
})
