import * as sdk from '@aws-sdk/client-iam'
import type { Emulator } from '../../../src/index.ts'
import { clientOf } from '../../support/started.ts'

export const trustOf = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  })

export const allowing = (Action: string | string[], Resource: string | string[] = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] })

export const WEB_TIER = 'arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier'

/** A user with one inline policy and a key, as the emulator's callers are. */
export async function userWith(emulator: Emulator, policy: string | undefined, name = 'ada') {
  const iam = new sdk.IAMClient(clientOf(emulator))
  await iam.send(new sdk.CreateUserCommand({ UserName: name }))
  if (policy !== undefined) {
    const input = { UserName: name, PolicyName: 'only', PolicyDocument: policy }
    await iam.send(new sdk.PutUserPolicyCommand(input))
  }
  const { AccessKey } = await iam.send(new sdk.CreateAccessKeyCommand({ UserName: name }))
  const credentials = {
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  }
  return {
    name,
    arn: `arn:aws:iam::${emulator.accountId}:user/${name}`,
    client: clientOf({ ...emulator, credentials }),
  }
}

export const PROFILE = 'aws-elasticbeanstalk-ec2-role'

/** The instance profile without which no environment comes up, with a role of the same name; one that is there is left as it is. */
export async function makeInstanceProfile(client: sdk.IAMClient): Promise<void> {
  const RoleName = PROFILE
  const InstanceProfileName = PROFILE
  const AssumeRolePolicyDocument = trustOf('ec2.amazonaws.com')
  try {
    await client.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  } catch (cause) {
    if (cause instanceof sdk.EntityAlreadyExistsException) return
    throw cause
  }
  await client.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName }))
  await client.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
}
