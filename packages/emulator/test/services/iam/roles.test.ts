import * as sdk from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { clientOf, started } from '../../support/started.ts'
import { scratch } from '../../support/local-account.ts'
import { allowing, trustOf, WEB_TIER } from './account.ts'

const RoleName = 'aws-elasticbeanstalk-ec2-role'
const InstanceProfileName = RoleName
const AssumeRolePolicyDocument = trustOf('ec2.amazonaws.com')

async function iamOf(options: Parameters<typeof started>[0] = {}) {
  const emulator = await started(options)
  return { emulator, iam: new sdk.IAMClient(clientOf(emulator)) }
}

test('a new account has no roles and no instance profiles', async () => {
  const { emulator, iam } = await iamOf()
  expect((await iam.send(new sdk.ListRolesCommand({}))).Roles).toEqual([])
  expect((await iam.send(new sdk.ListInstanceProfilesCommand({}))).InstanceProfiles).toEqual([])
  expect(await emulator.inventory()).toEqual([])
})

test('the role that instances need is made, found again after a restart, and removed without a trace', async () => {
  const dir = await scratch()
  const first = await iamOf({ dir })
  const { iam, emulator } = first
  const Tags = [{ Key: 'lucree:managed', Value: 'true' }]
  const { Role } = await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Tags }))
  const arn = `arn:aws:iam::${emulator.accountId}:role/${RoleName}`
  expect(Role).toMatchObject({
    Arn: arn,
    Path: '/',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Tags,
  })
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(AssumeRolePolicyDocument)
  await iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: WEB_TIER }))
  await iam.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName }))
  await iam.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
  await emulator.close()

  const { iam: again, emulator: second } = await iamOf({ dir })
  const { InstanceProfile } = await again.send(new sdk.GetInstanceProfileCommand({ InstanceProfileName }))
  expect(InstanceProfile).toMatchObject({
    Arn: `arn:aws:iam::${second.accountId}:instance-profile/${InstanceProfileName}`,
    Roles: [{ Arn: arn }],
  })
  const attached = await again.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName }))
  expect(attached.AttachedPolicies).toEqual([
    { PolicyName: 'AWSElasticBeanstalkWebTier', PolicyArn: WEB_TIER },
  ])
  expect(await second.inventory()).toEqual([InstanceProfile!.Arn, arn])

  await again.send(new sdk.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }))
  await again.send(new sdk.DeleteInstanceProfileCommand({ InstanceProfileName }))
  await again.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn: WEB_TIER }))
  await again.send(new sdk.DeleteRoleCommand({ RoleName }))
  expect(await second.inventory()).toEqual([])
})

test('what is in use is not deleted, in the order that AWS demands', async () => {
  const { iam } = await iamOf()
  await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  await iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: WEB_TIER }))
  const inline = { RoleName, PolicyName: 'own', PolicyDocument: allowing('s3:GetObject') }
  await iam.send(new sdk.PutRolePolicyCommand(inline))
  await iam.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName }))
  await iam.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
  const conflict = (what: string) => ({
    name: 'DeleteConflictException',
    message: `Cannot delete entity, must ${what} first.`,
    $metadata: { httpStatusCode: 409 },
  })
  const remove = () => iam.send(new sdk.DeleteRoleCommand({ RoleName }))
  await expect(iam.send(new sdk.DeleteInstanceProfileCommand({ InstanceProfileName }))).rejects.toMatchObject(
    conflict('remove roles from instance profile'),
  )
  await expect(remove()).rejects.toMatchObject(conflict('remove roles from instance profile'))
  await iam.send(new sdk.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }))
  await expect(remove()).rejects.toMatchObject(conflict('delete policies'))
  await iam.send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }))
  await expect(remove()).rejects.toMatchObject(conflict('detach all policies'))
})

test('what is not there and what is there already are told as AWS tells them', async () => {
  const { iam } = await iamOf()
  await expect(iam.send(new sdk.GetRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: `The role with name ${RoleName} cannot be found.`,
    $metadata: { httpStatusCode: 404 },
  })
  await expect(iam.send(new sdk.GetInstanceProfileCommand({ InstanceProfileName }))).rejects.toMatchObject({
    message: `Instance Profile ${InstanceProfileName} cannot be found.`,
  })
  await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const twice = iam.send(
    new sdk.CreateRoleCommand({ RoleName: RoleName.toUpperCase(), AssumeRolePolicyDocument }),
  )
  await expect(twice).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: `Role with name ${RoleName.toUpperCase()} already exists.`,
  })
  const missing = 'arn:aws:iam::aws:policy/NoSuch'
  await expect(
    iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: missing })),
  ).rejects.toMatchObject({ message: `Policy ${missing} does not exist or is not attachable.` })
})

test.each([
  ['{', 'This policy contains invalid Json'],
  [
    JSON.stringify({ Statement: [{ Effect: 'Maybe', Action: '*', Resource: '*' }] }),
    'Syntax errors in policy.',
  ],
  [
    JSON.stringify({ Statement: { Effect: 'Allow', Resource: '*' } }),
    'Policy statement must contain actions.',
  ],
  [
    JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:Get*' } }),
    'Policy statement must contain resources.',
  ],
  [allowing('s3:GetObject', 'bucket/*'), 'Resource bucket/* must be in ARN format or "*".'],
  [allowing('GetObject'), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
  [
    JSON.stringify({
      Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { BinaryEquals: { k: 'v' } } },
    }),
    "The local account can't evaluate the condition operator BinaryEquals.",
  ],
])('the policy %s is refused as malformed', async (PolicyDocument, message) => {
  const { iam } = await iamOf()
  await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  await expect(
    iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument })),
  ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message })
})

test('a role has one trust policy without resources, and a profile one role', async () => {
  const { iam } = await iamOf()
  await expect(
    iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: allowing('sts:AssumeRole') })),
  ).rejects.toMatchObject({ message: 'Has prohibited field Resource' })
  await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  await iam.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName }))
  const add = () => iam.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
  await add()
  await expect(add()).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
  })
})

test('an inline policy comes back as it was put', async () => {
  const { iam } = await iamOf()
  await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const PolicyDocument = JSON.stringify(
    JSON.parse(allowing('s3:*', "arn:aws:s3:::b/it's (a) key!*")),
    null,
    2,
  )
  await iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
  const got = await iam.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName: 'own' }))
  expect(got.PolicyDocument).toMatch(/^%7B%0A/)
  expect(decodeURIComponent(got.PolicyDocument!)).toBe(PolicyDocument)
  expect((await iam.send(new sdk.ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['own'])
})

test('a long list comes in pages', async () => {
  const { iam } = await iamOf()
  for (const letter of 'abcde')
    await iam.send(new sdk.CreateRoleCommand({ RoleName: letter, AssumeRolePolicyDocument }))
  const seen: (string | undefined)[] = []
  for await (const { Roles } of sdk.paginateListRoles({ client: iam, pageSize: 2 }, {}))
    seen.push(...Roles!.map((role) => role.RoleName))
  expect(seen).toEqual([...'abcde'])
})

test("AWS's own policies can be read", async () => {
  const { iam } = await iamOf()
  const { Policy } = await iam.send(new sdk.GetPolicyCommand({ PolicyArn: WEB_TIER }))
  expect(Policy).toMatchObject({ PolicyName: 'AWSElasticBeanstalkWebTier', AttachmentCount: 0, Path: '/' })
  const version = { PolicyArn: WEB_TIER, VersionId: Policy!.DefaultVersionId }
  const { PolicyVersion } = await iam.send(new sdk.GetPolicyVersionCommand(version))
  const document = JSON.parse(decodeURIComponent(PolicyVersion!.Document!)) as {
    Statement: { Sid: string }[]
  }
  expect(document.Statement.map(({ Sid }) => Sid)).toContain('BucketAccess')
})

test('the role of a service is made once, kept from change, and deleted by a task', async () => {
  const { iam } = await iamOf()
  const AWSServiceName = 'elasticbeanstalk.amazonaws.com'
  const { Role } = await iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName }))
  const name = 'AWSServiceRoleForElasticBeanstalk'
  expect(Role).toMatchObject({ RoleName: name, Path: `/aws-service-role/${AWSServiceName}/` })
  await expect(iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName }))).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: `Service role name ${name} has been taken in this account, please try a different suffix.`,
  })
  await expect(iam.send(new sdk.DeleteRoleCommand({ RoleName: name }))).rejects.toMatchObject({
    name: 'UnmodifiableEntityException',
  })
  const { DeletionTaskId } = await iam.send(new sdk.DeleteServiceLinkedRoleCommand({ RoleName: name }))
  const status = await iam.send(new sdk.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))
  expect(status.Status).toBe('SUCCEEDED')
})

test('the summary counts what is there', async () => {
  const { iam } = await iamOf()
  await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const { SummaryMap } = await iam.send(new sdk.GetAccountSummaryCommand({}))
  expect(SummaryMap).toMatchObject({ Users: 1, Roles: 1, RolesQuota: 1000 })
})
