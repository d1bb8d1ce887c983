import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { scratch } from '../../support/local-account.ts'
import { started } from '../../support/started.ts'
import { trustOf, userWith, WEB_TIER } from './account.ts'

const run = promisify(execFile)

/** The AWS CLI on a new account; it parses IAM's answers on its own. */
async function cli() {
  const emulator = await started()
  const home = await scratch()
  const aws = async (args: string[], credentials = emulator.credentials) => {
    const { stdout } = await run('aws', [...args, '--output', 'json'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        AWS_ENDPOINT_URL: emulator.url,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
        NO_PROXY: '*',
      },
      cwd: home,
      timeout: 60_000,
    })
    return JSON.parse(stdout || 'null')
  }
  return { emulator, aws }
}

test('aws iam makes what instances need, shows it, and removes it', async () => {
  const { emulator, aws } = await cli()
  const role = ['--role-name', 'aws-elasticbeanstalk-ec2-role']
  const profile = ['--instance-profile-name', 'aws-elasticbeanstalk-ec2-role']
  const trust = trustOf('ec2.amazonaws.com')
  await aws(['iam', 'create-role', ...role, '--assume-role-policy-document', trust])
  await aws(['iam', 'attach-role-policy', ...role, '--policy-arn', WEB_TIER])
  await aws(['iam', 'create-instance-profile', ...profile])
  await aws(['iam', 'add-role-to-instance-profile', ...profile, ...role])
  const { Role } = await aws(['iam', 'get-role', ...role])
  expect(Role).toMatchObject({
    Arn: `arn:aws:iam::${emulator.accountId}:role/aws-elasticbeanstalk-ec2-role`,
    AssumeRolePolicyDocument: JSON.parse(trust),
  })
  const { InstanceProfile } = await aws(['iam', 'get-instance-profile', ...profile])
  expect(InstanceProfile.Roles).toMatchObject([{ RoleName: 'aws-elasticbeanstalk-ec2-role' }])
  const attached = await aws(['iam', 'list-attached-role-policies', ...role])
  expect(attached.AttachedPolicies).toMatchObject([{ PolicyArn: WEB_TIER }])
  await expect(aws(['iam', 'delete-role', ...role])).rejects.toMatchObject({
    stderr: expect.stringContaining(
      'An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must remove roles from instance profile first.',
    ),
  })
  await aws(['iam', 'remove-role-from-instance-profile', ...profile, ...role])
  await aws(['iam', 'delete-instance-profile', ...profile])
  await aws(['iam', 'detach-role-policy', ...role, '--policy-arn', WEB_TIER])
  await aws(['iam', 'delete-role', ...role])
  expect(await emulator.inventory()).toEqual([])
}, 120_000)

test('a user of the account is refused what the policies do not allow, by name', async () => {
  const { emulator, aws } = await cli()
  const { client, arn } = await userWith(emulator, undefined)
  expect(await aws(['sts', 'get-caller-identity'], client.credentials)).toMatchObject({ Arn: arn })
  await expect(aws(['iam', 'list-roles'], client.credentials)).rejects.toMatchObject({
    stderr: expect.stringContaining(
      `(AccessDenied) when calling the ListRoles operation: User: ${arn} is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::${emulator.accountId}:role/ because no identity-based policy allows the iam:ListRoles action`,
    ),
  })
  const simulated = await aws([
    ...['iam', 'simulate-principal-policy', '--policy-source-arn', arn],
    ...['--action-names', 'iam:ListRoles', 's3:GetObject'],
  ])
  expect(simulated.EvaluationResults).toMatchObject([
    { EvalActionName: 'iam:ListRoles', EvalDecision: 'implicitDeny' },
    { EvalActionName: 's3:GetObject', EvalDecision: 'implicitDeny' },
  ])
}, 120_000)
