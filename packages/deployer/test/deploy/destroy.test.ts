import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { CreateMultipartUploadCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { takeInventory } from '../../src/account/inventory/inventory.ts'
import { narrowTo, type Scope } from '../../src/account/inventory/scope.ts'
import { acquireLock, LOCK_TIMES } from '../../src/beanstalk/lock/acquire.ts'
import { readLock } from '../../src/beanstalk/lock/lock-document.ts'
import { lockByHand, unlock } from '../../src/beanstalk/lock/manual-lock.ts'
import type { Clock } from '../../src/clock.ts'
import { refuseIfAnyLocked } from '../../src/deploy/destroy-locks.ts'
import { destroy, type DestroyResult } from '../../src/deploy/destroy.ts'
import type { Tools } from '../../src/deploy/tools.ts'
import { lockPlace } from '../../src/deploy/with-lock.ts'
import { Interrupted, LucreeError } from '../../src/errors.ts'
import {
  addEnvironment,
  addRoles,
  addVersion,
  emulatedAccount,
  type EmulatedAccount,
} from './emulated-account.ts'

const ORIGIN = { host: 'here', pid: 4711, ciUrl: undefined, lucree: '0.1.0' }
const WHOLE: Scope = { environment: undefined, keepVersions: false }

interface Asked {
  scope?: Scope
  tools?: Tools
  waitMs?: number
}

async function look(
  account: EmulatedAccount,
  { scope = WHOLE, tools = account.tools(), waitMs = 0 }: Asked = {},
) {
  const of = { application: 'shop', region: account.emulator.region, environments: ['shop-production'] }
  const actor = { command: 'lucree destroy', waitMs, origin: ORIGIN }
  return { of, scope, tools, actor, planned: narrowTo(await takeInventory(tools, of), scope) }
}

async function destroyShop(account: EmulatedAccount, asked?: Asked): Promise<DestroyResult> {
  const { tools, ...request } = await look(account, asked)
  return destroy(request, tools)
}

/** What a removal that left something was refused with. */
async function refusal(removal: Promise<unknown>): Promise<LucreeError> {
  const error = await removal.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof LucreeError) return error
  throw new Error('it was not refused', { cause: error })
}

const put = ({ client, bucket }: EmulatedAccount, key: string, Body = 'x') =>
  new S3Client({ ...client, forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body }),
  )
/** A lock as the deploy before leaves it. */
const FREE = JSON.stringify({ schema: 1, fence: 7, holder: null, freedBy: null })
const logGroup = ({ client }: EmulatedAccount, logGroupName: string) =>
  new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName }))

test('an application with all that it may have goes, and the account is as it was', async () => {
  const account = await emulatedAccount()
  const { emulator, cloud, client, bucket } = account
  const before = await emulator.inventory()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await addVersion(account, 'shop', 'v2')
  await addEnvironment(account, 'shop', 'shop-production')
  await cloud.beanstalk.requestLogs('shop-production', 'bundle')
  await put(account, 'lucree/shop/environments/shop-production/lock.json', FREE)
  await put(account, 'lucree/shop/environments/shop-production/releases/000001.json')
  await put(account, 'shop/of-no-version.zip')
  const s3 = new S3Client({ ...client, forcePathStyle: true })
  await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'shop/cut-off.zip' }))
  await logGroup(account, '/aws/elasticbeanstalk/shop-production/environment-health.log')

  const result = await destroyShop(account)
  expect(result).toMatchObject({ left: [], kept: [] })
  const kinds = new Set(result.removed.map(({ kind }) => kind))
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      ...['environment', 'version', 'object', 'upload', 'log-group'],
      ...['application', 'instance-profile', 'role', 'bucket'],
    ]),
  )
  expect(await emulator.inventory()).toEqual(before)
  expect((await look(account)).planned.items).toEqual([])
})

test('what was there before stays: another application, roles made by hand, other objects, other log groups', async () => {
  const account = await emulatedAccount()
  const { emulator, client } = account
  await addRoles(account, 'shop', false)
  await addVersion(account, 'other', 'v1')
  await addEnvironment(account, 'other', 'shop')
  await put(account, 'shop/notes.txt')
  await put(account, 'shop/deeper/v1.zip')
  await put(account, 'lucree/shop-2/environments/shop-2-production/lock.json')
  await logGroup(account, '/aws/elasticbeanstalk/shop-production-2/var/log/x.log')
  await logGroup(account, '/aws/elasticbeanstalk/shop/environment-health.log')
  await logGroup(account, '/mine')
  const before = await emulator.inventory()
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')

  const { kept } = await destroyShop(account)
  expect(await emulator.inventory()).toEqual(before)
  expect(kept).toMatchObject([
    { kind: 'instance-profile', why: 'lucree found it and did not make it' },
    { kind: 'role', why: 'lucree found it and did not make it' },
    { kind: 'bucket', why: expect.stringContaining('the application other is there too') as string },
  ])
  const { logGroups } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}))
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toContain('/mine')
})

test('roles that another application may use stay, and so does a bundle that its version is made of', async () => {
  const account = await emulatedAccount()
  const { cloud, bucket } = account
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await cloud.beanstalk.createApplication({ name: 'other', tags: {} })
  const shared = { application: 'other', label: 'v1', description: '', bucket, key: 'shop/v1.zip' }
  await cloud.beanstalk.createVersion(shared)
  const { kept, removed } = await destroyShop(account)
  expect(removed.map(({ kind }) => kind)).toEqual(['version', 'application'])
  expect(kept.map(({ kind, why }) => `${kind}: ${why}`)).toEqual([
    "object: another application's version is made of it",
    'instance-profile: the application other may use it',
    'role: the application other may use it',
    expect.stringMatching(/^bucket: /),
  ])
})

test('roles that an application of another region may use stay: they are the same everywhere', async () => {
  const account = await emulatedAccount()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  const regions = { applicationsElsewhere: async () => [{ region: 'eu-west-1', name: 'far' }] }
  const tools = account.tools({ cloud: { ...account.cloud, regions } })
  const { kept } = await destroyShop(account, { tools })
  expect(kept.map(({ kind, why }) => `${kind}: ${why}`)).toEqual([
    'instance-profile: the application far in eu-west-1 may use it',
    'role: the application far in eu-west-1 may use it',
  ])
})

test('what an application left behind that is there no more goes too', async () => {
  const account = await emulatedAccount()
  const { emulator, cloud } = account
  const before = await emulator.inventory()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-staging')
  await logGroup(account, '/aws/elasticbeanstalk/shop-staging/var/log/x.log')
  await cloud.beanstalk.terminateEnvironment('shop-staging')
  await expect
    .poll(() => cloud.beanstalk.describeEnvironments({ application: 'shop' }), { timeout: 15_000 })
    .toEqual([])
  await cloud.beanstalk.deleteApplication('shop')
  expect((await destroyShop(account)).left).toEqual([])
  expect(await emulator.inventory()).toEqual(before)
})

test('an application whose name is a directory of Beanstalk takes no logs of others', async () => {
  const account = await emulatedAccount()
  await addVersion(account, 'resources', 'v1')
  await put(account, 'resources/environments/logs/bundle/e-abcdefghij/i-1/1.zip')
  const of = { application: 'resources', region: account.emulator.region, environments: [] }
  const planned = await takeInventory(account.tools(), of)
  expect(planned.items.filter(({ kind }) => kind === 'object').map(({ name }) => name)).toEqual([
    `s3://${account.bucket}/resources/v1.zip`,
  ])
  expect(planned.kept.find(({ kind }) => kind === 'bucket')?.why).toContain('e-abcdefghij')
})

test('one environment goes with its logs alone, and the other serves on', async () => {
  const account = await emulatedAccount()
  const { cloud } = account
  await addVersion(account, 'shop', 'v1')
  for (const name of ['shop-production', 'shop-staging']) {
    await addEnvironment(account, 'shop', name)
    await logGroup(account, `/aws/elasticbeanstalk/${name}/environment-health.log`)
    const [environment] = await cloud.beanstalk.describeEnvironments({
      application: 'shop',
      environment: name,
    })
    const saved = {
      name: `lucree-${name}-1`,
      environmentId: environment?.id ?? '',
      description: '',
      instead: [],
    }
    await cloud.configurations.save({ application: 'shop', ...saved })
  }
  const scope = { environment: 'shop-staging', keepVersions: false }
  const { removed } = await destroyShop(account, { scope })
  expect(removed.every(({ name }) => name.includes('shop-staging'))).toBe(true)
  expect(await cloud.configurations.list('shop')).toEqual(['lucree-shop-production-1'])
  const left = await cloud.beanstalk.describeEnvironments({ application: 'shop' })
  expect(left.map(({ name, status }) => `${name} ${status}`)).toEqual(['shop-production Ready'])
  const { planned } = await look(account)
  expect(planned.items.some(({ name }) => name.includes('shop-staging'))).toBe(false)
})

test('with --keep-versions every version can still be deployed, and nothing else is left', async () => {
  const account = await emulatedAccount()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')
  const { kept, left } = await destroyShop(account, { scope: { environment: undefined, keepVersions: true } })
  expect(left).toEqual([])
  expect(new Set(kept.map(({ kind }) => kind))).toEqual(
    new Set(['version', 'object', 'application', 'instance-profile', 'role', 'bucket']),
  )
  await addEnvironment(account, 'shop', 'shop-production')
  const [again] = await account.cloud.beanstalk.describeEnvironments({ application: 'shop' })
  expect(again?.status).toBe('Ready')
})

test('an environment that is launching is waited for and then terminated', async () => {
  const account = await emulatedAccount()
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production', { wait: false })
  expect((await destroyShop(account)).left).toEqual([])
  expect(account.said).toContainEqual({
    kind: 'note',
    message: 'shop-production is Launching: waiting until that is over, then it is terminated',
  })
})

test('an environment that is terminating is followed, and none is asked for twice', async () => {
  const account = await emulatedAccount()
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')
  await account.cloud.beanstalk.terminateEnvironment('shop-production')
  const results = await Promise.all([1, 2].map(() => destroyShop(account, { waitMs: 60_000 })))
  for (const { left } of results) expect(left).toEqual([])
})

/** An account whose user may do all but this. */
async function denied(action: string): Promise<EmulatedAccount> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-policy-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: action, Resource: '*' },
  ]
  const file = join(dir, 'policy.json')
  await writeFile(file, JSON.stringify({ Version: '2012-10-17', Statement }))
  return emulatedAccount(`narrow-permissions:${file}`)
}

test.each([
  ['iam:DeleteRole', ['role']],
  ['iam:GetRole', ['role']],
  ['logs:DescribeLogGroups', ['log-group']],
  ['logs:DeleteLogGroup', ['log-group']],
  ['s3:DeleteObject', ['object', 'bucket']],
  ['elasticbeanstalk:DeleteApplication', ['application']],
  ['s3:DeleteBucket', ['bucket']],
])(
  'without the right to %s that kind is left with the reason, all else goes, and it ends with 3',
  async (action, kinds) => {
    const account = await denied(action)
    await addRoles(account, 'shop')
    await addVersion(account, 'shop', 'v1')
    await addEnvironment(account, 'shop', 'shop-production')
    await logGroup(account, '/aws/elasticbeanstalk/shop-production/environment-health.log')
    const { exitCode, document, evidence } = await refusal(destroyShop(account))
    expect(exitCode).toBe(3)
    const { left } = document as unknown as DestroyResult
    expect([...new Set(left.map(({ kind }) => kind))]).toEqual(kinds)
    expect(evidence.join('\n')).toContain(action)
    expect(await account.cloud.beanstalk.describeEnvironments({ application: 'shop' })).toEqual([])
  },
)

test('an environment that may not be terminated keeps what it needs to serve', async () => {
  const account = await denied('elasticbeanstalk:TerminateEnvironment')
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await addVersion(account, 'shop', 'v2')
  await addEnvironment(account, 'shop', 'shop-production')
  const { exitCode, document } = await refusal(destroyShop(account))
  expect(exitCode).toBe(3)
  const { removed, left } = document as unknown as DestroyResult
  expect(removed.map(({ name }) => name)).toEqual(['v2', `s3://${account.bucket}/shop/v2.zip`])
  expect(left.find(({ kind }) => kind === 'role')?.why).toBe(
    'the environment shop-production is still there and needs it',
  )
})

test("a security group that somebody else's rule names is left with the command that mends it, and goes on the next run", async () => {
  const account = await emulatedAccount()
  const ec2 = new EC2Client(account.client)
  await addVersion(account, 'shop', 'v1')
  const id = await addEnvironment(account, 'shop', 'shop-production')
  const tag = { name: 'elasticbeanstalk:environment-id', value: id }
  const [live] = await account.cloud.network.describeSecurityGroups({ tag })
  const VpcId = live?.vpc
  await destroyShop(account)

  // What a stack leaves that could not delete its group.
  const leftover = { Key: 'elasticbeanstalk:environment-id', Value: id }
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      ...{ GroupName: 'left-behind', Description: 'x', VpcId },
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [leftover] }],
    }),
  )
  const { GroupId: foreign } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'database', Description: 'x', VpcId }),
  )
  const rule = {
    GroupId: foreign,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId }] }],
  }
  await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule))
  const { exitCode, document, hints } = await refusal(destroyShop(account))
  expect(exitCode).toBe(5)
  expect((document as unknown as DestroyResult).left).toMatchObject([
    {
      kind: 'security-group',
      name: GroupId,
      why: expect.stringContaining(`${foreign} (database)`) as string,
    },
  ])
  expect(hints[0]).toContain(`aws ec2 revoke-security-group-ingress --group-id ${foreign}`)
  await ec2.send(new RevokeSecurityGroupIngressCommand(rule))
  expect((await destroyShop(account)).removed).toEqual([{ kind: 'security-group', name: GroupId }])
})

const STAGES = [
  'Terminate',
  'Remove versions',
  'Remove objects',
  'Remove application',
  'Remove roles',
  'Remove bucket',
]
test.each(STAGES)('Ctrl-C at “%s” says what is left, and the next run finishes it', async (stage) => {
  const account = await emulatedAccount()
  const before = await account.emulator.inventory()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')
  const pressed = new AbortController()
  const tools = account.tools({
    signal: pressed.signal,
    progress: {
      emit: (event) => {
        if (event.kind === 'stage-started' && event.title.startsWith(stage)) pressed.abort(new Interrupted())
      },
    },
  })
  const { exitCode, document, hints } = await refusal(destroyShop(account, { tools }))
  expect(exitCode).toBe(130)
  expect((document as unknown as DestroyResult).left.length).toBeGreaterThan(0)
  expect(hints).toEqual(['lucree destroy   # goes on where this ended'])
  await destroyShop(account)
  expect(await account.emulator.inventory()).toEqual(before)
})

/** Locks an environment by hand, as a colleague does. */
async function lockedByHand(account: EmulatedAccount, environment: string) {
  const target = { application: 'shop', environment, region: account.emulator.region }
  const { lock, author } = await lockPlace(account.tools(), target, ORIGIN)
  await lockByHand(lock, { author, message: 'launch day', waitMs: 0 }, account.tools())
}

test('nothing is removed while one of the environments is locked, and the owner and the way out are named', async () => {
  const account = await emulatedAccount()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')
  await lockedByHand(account, 'shop-staging')
  const { exitCode, code, why, hints } = await refusal(destroyShop(account, { waitMs: 60_000 }))
  expect([exitCode, code]).toEqual([9, 'LUC-LOCK-MANUAL'])
  expect(why).toContain('“launch day”')
  expect(hints).toEqual(['lucree unlock --environment shop-staging   # when it is no longer wanted'])
  const [environment] = await account.cloud.beanstalk.describeEnvironments({ application: 'shop' })
  expect(environment?.status).toBe('Ready')
  expect((await account.cloud.beanstalk.describeVersions('shop')).length).toBe(1)

  const scope = { environment: 'shop-production', keepVersions: false }
  const { left } = await destroyShop(account, { scope })
  expect(left).toEqual([])
})

test('a lock that refuses at once does so before anybody is asked for the name', async () => {
  const account = await emulatedAccount()
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')
  const free = await look(account)
  await refuseIfAnyLocked(free, free.tools)
  await lockedByHand(account, 'shop-staging')
  const locked = await look(account)
  const { exitCode, hints } = await refusal(refuseIfAnyLocked(locked, locked.tools))
  expect(exitCode).toBe(9)
  expect(hints).toEqual(['lucree unlock --environment shop-staging   # when it is no longer wanted'])
})

/** The lease of a deploy on another machine that gives no more signs of life; and how it ends. */
async function leaseOf(account: EmulatedAccount, environment: string): Promise<() => Promise<void>> {
  const target = { application: 'shop', environment, region: account.emulator.region }
  const { signal } = new AbortController()
  const { lock, author } = await lockPlace(account.tools(), target, { ...ORIGIN, host: 'elsewhere' })
  const claim = { author, command: 'lucree deploy', message: undefined, waitMs: 0, times: LOCK_TIMES }
  await acquireLock(lock, { ...claim, kind: 'lease' }, account.tools())
  return async () => {
    const seen = await readLock(lock, signal)
    if (seen) await unlock(lock, { seen, author, force: true }, signal)
  }
}

test('what --lock-wait allows is waited once, not for each environment', async () => {
  const account = await emulatedAccount()
  await addVersion(account, 'shop', 'v1')
  const end = await leaseOf(account, 'shop-production')
  await leaseOf(account, 'shop-staging')
  const began = Date.now()
  let now = began
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, signal) => {
      // Whoever waits looks every two seconds; what sleeps longer are time limits, and signs of life of a lock that is held.
      if (ms >= 5_000) return new Promise((_, reject) => signal?.addEventListener('abort', reject))
      now += ms
      if (now - began >= 10_000) await end()
    },
  }
  const { exitCode, message } = await refusal(
    destroyShop(account, { waitMs: 20_000, tools: account.tools({ clock }) }),
  )
  expect(exitCode).toBe(9)
  expect(message).toContain('shop-staging')
  expect(now - began).toBeGreaterThan(19_000)
  expect(now - began).toBeLessThan(23_000)
})

test('where there is no bucket none is made for a lock', async () => {
  const account = await emulatedAccount()
  const { cloud, bucket } = account
  await cloud.beanstalk.createApplication({ name: 'shop', tags: {} })
  await cloud.beanstalk.createApplication({ name: 'other', tags: {} })
  expect((await destroyShop(account)).left).toEqual([])
  expect(await cloud.buckets.exists(bucket)).toBe(false)
})

test('a removal that loses a lock ends with 9 and says what is left', async () => {
  const account = await emulatedAccount()
  await addVersion(account, 'shop', 'v1')
  await addEnvironment(account, 'shop', 'shop-production')
  const target = { application: 'shop', environment: 'shop-production', region: account.emulator.region }
  const { lock, author } = await lockPlace(account.tools(), target, { ...ORIGIN, pid: 1 })
  const take = async () => {
    const seen = await readLock(lock, new AbortController().signal)
    if (seen) await unlock(lock, { seen, author, force: true }, new AbortController().signal)
  }
  const { beanstalk } = account.cloud
  const late = Object.assign(Object.create(beanstalk) as typeof beanstalk, {
    listApplications: async (signal?: AbortSignal) => {
      if (await readLock(lock, new AbortController().signal)) await take()
      return beanstalk.listApplications(signal)
    },
  })
  const request = await look(account)
  const tools = account.tools({ cloud: { ...account.cloud, beanstalk: late } })
  const { exitCode, code, document } = await refusal(destroy(request, tools))
  expect([exitCode, code]).toEqual([9, 'LUC-LOCK-LOST'])
  expect((document as unknown as DestroyResult).left.map(({ kind }) => kind)).toContain('object')
})
