import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { expect, test } from 'vitest'
import { abort } from '../../../src/deploy/abort.ts'
import { withTakenLock } from '../../../src/deploy/take-lock.ts'
import type { Tools } from '../../../src/deploy/tools.ts'
import {
  requireEnvironment,
  unstick,
  type UnstickRequest,
  type UnstickResult,
} from '../../../src/deploy/unstick/unstick.ts'
import { withLock } from '../../../src/deploy/with-lock.ts'
import { LucreeError } from '../../../src/errors.ts'
import { originOf } from '../../beanstalk/emulated.ts'
import { deployTarget } from '../../deploy-target.ts'
import { addEnvironment, addVersion, emulatedAccount, type EmulatedAccount } from '../emulated-account.ts'

const APPLICATION = 'shop'
const ENVIRONMENT = 'shop-production'
/** What counts as silence in a test, ms. */
const STALLED_MS = 1_500

const targetIn = ({ emulator, dir }: EmulatedAccount) =>
  deployTarget({ region: emulator.region, local: true, projectDir: dir, source: dir })

/** Runs unstick; `asked` are the steps that it asked for. */
async function unsticking(
  account: EmulatedAccount,
  more: Partial<UnstickRequest> = {},
  tools: Tools = account.tools(),
) {
  const asked: string[] = []
  const request: UnstickRequest = {
    target: targetIn(account),
    stalledAfterMs: STALLED_MS,
    key: 'k'.repeat(64),
    dryRun: false,
    confirm: async ({ name }) => void asked.push(name),
    ...more,
  }
  const outcome: UnstickResult | LucreeError = await unstick(request, tools).catch((error: unknown) => {
    if (error instanceof LucreeError) return error
    throw error
  })
  return { outcome, asked }
}

const stepsOf = (outcome: UnstickResult | LucreeError) =>
  (
    (outcome instanceof LucreeError ? outcome.document['steps'] : outcome.steps) as UnstickResult['steps']
  ).map(({ name, outcome: end }) => `${name}: ${end}`)

async function running(): Promise<EmulatedAccount> {
  const account = await emulatedAccount()
  await addVersion(account, APPLICATION)
  await addEnvironment(account, APPLICATION, ENVIRONMENT)
  return account
}

const statusOf = async ({ cloud }: EmulatedAccount) =>
  (await cloud.beanstalk.describeEnvironments({ application: APPLICATION, environment: ENVIRONMENT }))[0]
    ?.status

async function update({ cloud }: EmulatedAccount): Promise<void> {
  const settings = [
    { namespace: 'aws:elasticbeanstalk:application:environment', name: 'COLOUR', value: 'green' },
  ]
  await cloud.beanstalk.updateEnvironment({ environment: ENVIRONMENT, settings })
}

/** Waits until what was armed once has happened. */
async function happened({ emulator }: EmulatedAccount): Promise<void> {
  const left = () => emulator.control.faults.list().armed.filter(({ happened: times }) => times === 0)
  await expect.poll(left, { timeout: 10_000 }).toEqual([])
}

async function until(account: EmulatedAccount, status: string): Promise<void> {
  await expect.poll(() => statusOf(account), { timeout: 10_000 }).toBe(status)
}

test('an environment that works is left alone, and so is none at all', async () => {
  const account = await running()
  const { outcome } = await unsticking(account)
  expect(outcome).toMatchObject({ outcome: 'unchanged', steps: [], status: 'Ready' })
  expect(await abort(targetIn(account), account.tools())).toMatchObject({
    outcome: 'unchanged',
    mixed: false,
  })

  const empty = await emulatedAccount()
  expect((await unsticking(empty)).outcome).toMatchObject({ exitCode: 7, hints: ['lucree deploy'] })
  await expect(requireEnvironment(targetIn(empty), empty.tools())).rejects.toMatchObject({ exitCode: 2 })
})

test('an update that never ends is aborted, and the version before serves', async () => {
  const account = await running()
  await account.emulator.control.faults.arm({ fault: 'stuck-updating' })
  await update(account)
  const seen = await unsticking(account, { dryRun: true })
  expect(seen.outcome).toMatchObject({ outcome: 'planned', status: 'Updating' })
  expect(await statusOf(account)).toBe('Updating')

  const { outcome, asked } = await unsticking(account)
  expect(outcome).toMatchObject({ outcome: 'working', status: 'Ready', version: 'v1' })
  expect(stepsOf(outcome)).toEqual(['wait: no-help', 'abort: done'])
  expect(asked).toEqual([])
  expect((outcome as UnstickResult).serving).toContain('answers 200 from v1')
})

test('abort stops an update and says what each instance runs; a launch can’t be aborted', async () => {
  const account = await emulatedAccount()
  await addVersion(account, APPLICATION)
  await account.emulator.control.faults.arm({ fault: 'stuck-updating' })
  await addEnvironment(account, APPLICATION, ENVIRONMENT, { wait: false })
  await expect(abort(targetIn(account), account.tools())).rejects.toMatchObject({
    code: 'LUC-ABORT-IMPOSSIBLE',
  })
  await until(account, 'Ready')
  await update(account)
  await happened(account)
  const aborted = await abort(targetIn(account), account.tools())
  expect(aborted).toMatchObject({
    outcome: 'aborted',
    status: 'Ready',
    version: 'v1',
    mixed: false,
    instances: [{ version: 'v1', deployment: 'deployed' }],
  })
  expect(aborted.serving).toContain('answers 200 from v1')
})

test('an abort that hangs is ended with the environment, which comes back, after asking', async () => {
  const account = await running()
  await account.emulator.control.faults.arm({ fault: 'stuck-updating' })
  await update(account)
  // The abort comes before the update's end, so that its own end is the one that never comes.
  await account.cloud.beanstalk.abortUpdate(ENVIRONMENT)
  const { outcome, asked } = await unsticking(account)
  expect(stepsOf(outcome)).toEqual(['wait: no-help', 'terminate: done', 'revive: done'])
  expect(asked).toEqual(['terminate'])
  expect(outcome).toMatchObject({ outcome: 'working', status: 'Ready', version: 'v1' })
})

test('a launch that hangs is ended and revived after asking once', async () => {
  const account = await emulatedAccount()
  await addVersion(account, APPLICATION)
  await account.emulator.control.faults.arm({ fault: 'stuck-launching' })
  const id = await addEnvironment(account, APPLICATION, ENVIRONMENT, { wait: false })
  await happened(account)
  const plan = await unsticking(account, { dryRun: true, stalledAfterMs: 0 })
  const { sees } = plan.outcome as UnstickResult
  expect(sees).toMatch(/has been Launching for .*: no instance has come/)
  expect(sees).not.toMatch(/port|probably/)
  const { outcome, asked } = await unsticking(account)
  expect(stepsOf(outcome)).toEqual(['wait: no-help', 'terminate: done', 'revive: done'])
  expect(outcome).toMatchObject({ outcome: 'working', version: 'v1' })
  expect(asked).toEqual(['terminate'])
  const [now] = await account.cloud.beanstalk.describeEnvironments({ application: APPLICATION })
  expect(now?.id).toBe(id)
})

test('a stack that takes no change is seen although the environment serves, and a rebuild leads out after asking', async () => {
  const account = await running()
  await account.emulator.control.faults.arm({ fault: 'stack-failed' })
  await update(account)
  await until(account, 'Ready')
  const { outcome, asked } = await unsticking(account)
  expect(asked).toEqual(['rebuild'])
  expect(stepsOf(outcome)).toEqual(['rebuild: done'])
  expect(outcome).toMatchObject({
    outcome: 'working',
    sees: expect.stringMatching(/is Ready, but can’t be changed: .*UPDATE_ROLLBACK_FAILED/) as string,
  })
  await update(account)
  await until(account, 'Ready')
  expect((await unsticking(account)).outcome).toMatchObject({ outcome: 'unchanged' })
})

test('nothing is lost without a yes', async () => {
  const account = await running()
  await account.cloud.beanstalk.terminateEnvironment(ENVIRONMENT)
  await expect.poll(() => statusOf(account), { timeout: 10_000 }).toBe(undefined)
  const refusal = new LucreeError('no', { code: 'LUC-DECLINED', exitCode: 130 })
  const declined = await unsticking(account, { confirm: () => Promise.reject(refusal) })
  expect(declined.outcome).toMatchObject({
    code: 'LUC-DECLINED',
    document: { steps: [], status: 'Terminated' },
  })

  const { outcome, asked } = await unsticking(account)
  expect(asked).toEqual(['revive'])
  expect(outcome).toMatchObject({ outcome: 'working', status: 'Ready', version: 'v1' })
})

test('a termination under way is waited for; one that hangs is told as what it is', async () => {
  const account = await running()
  await account.emulator.control.faults.arm({ fault: 'terminate-hangs' })
  await account.cloud.beanstalk.terminateEnvironment(ENVIRONMENT)
  const { outcome } = await unsticking(account)
  expect(outcome).toMatchObject({ code: 'LUC-UNSTICK-FAILED', exitCode: 7 })
  expect((outcome as LucreeError).why).toContain('Terminating')
  expect(stepsOf(outcome)).toEqual(['wait: no-help'])
})

test('a termination that somebody else’s rule undid is told with the group and the command, and the environment can be rebuilt', async () => {
  const account = await running()
  const [described] = await account.cloud.beanstalk.describeEnvironments({ application: APPLICATION })
  const tag = { name: 'elasticbeanstalk:environment-id', value: described?.id ?? '' }
  const [own] = await account.cloud.network.describeSecurityGroups({ tag })
  const ec2 = new EC2Client(account.client)
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'database', Description: 'x', VpcId: own?.vpc }),
  )
  const UserIdGroupPairs = [{ GroupId: own?.id }]
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs }]
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }))
  await account.cloud.beanstalk.terminateEnvironment(ENVIRONMENT)
  await until(account, 'Ready')

  const seen = await unsticking(account, { dryRun: true })
  expect(seen.outcome).toMatchObject({ steps: [{ name: 'rebuild', outcome: 'planned' }] })
  expect((seen.outcome as UnstickResult).sees).toContain(`a rule of the security group ${GroupId} names`)
  const { outcome, asked } = await unsticking(account)
  expect(asked).toEqual(['rebuild'])
  expect(outcome).toMatchObject({ outcome: 'working', version: 'v1' })
})

test('an environment that EC2 gives no instance is told with the cause; once that is mended a rebuild brings it to life', async () => {
  const account = await emulatedAccount()
  await addVersion(account, APPLICATION)
  await account.emulator.control.faults.arm({ fault: 'vcpu-limit' })
  await addEnvironment(account, APPLICATION, ENVIRONMENT, { wait: false })
  const still = await unsticking(account, { stalledAfterMs: 30_000 })
  expect(still.outcome).toMatchObject({ code: 'LUC-UNSTICK-FAILED', exitCode: 7 })
  expect((still.outcome as LucreeError).why).toMatch(/without an instance: .*vCPU/)
  expect(stepsOf(still.outcome)).toEqual(['wait: done', 'rebuild: no-help'])

  await account.emulator.control.faults.clear()
  const { outcome } = await unsticking(account)
  expect(stepsOf(outcome)).toEqual(['rebuild: done'])
  expect(outcome).toMatchObject({ outcome: 'working', version: 'v1' })
}, 40_000)

test('at the deadline it says how it stands', async () => {
  const account = await running()
  await account.emulator.control.faults.arm({ fault: 'stuck-updating' })
  await update(account)
  const tools = account.tools()
  const { outcome } = await unsticking(
    account,
    { stalledAfterMs: 60_000 },
    { ...tools, deadline: tools.clock.now() + 500 },
  )
  expect(outcome).toMatchObject({
    code: 'LUC-UNSTICK-TIMEOUT',
    exitCode: 8,
    document: { status: 'Updating' },
  })
})

test('a lock in use is named and left; with force it is taken over, and its owner ends', async () => {
  const account = await emulatedAccount()
  const of = (host: string, command: string) => ({
    ...{ target: targetIn(account), command, waitMs: 0, origin: originOf(host) },
  })
  let ended: unknown
  await withLock(account.tools(), of('ci', 'lucree deploy'), async (lease, held) => {
    const refused = withTakenLock(
      account.tools(),
      { ...of('here', 'lucree abort'), force: false },
      async () => 'in',
    )
    await expect(refused).rejects.toMatchObject({
      exitCode: 9,
      why: expect.stringContaining('lucree deploy') as string,
    })
    await expect(refused).rejects.toMatchObject({
      hints: [expect.stringMatching(/^lucree abort --force/), 'lucree status'],
    })
    const forced = { ...of('here', 'lucree abort'), force: true }
    await withTakenLock(account.tools(), forced, () => lease.check(held.signal))
  }).catch((error: unknown) => (ended = error))
  expect(ended).toMatchObject({
    code: 'LUC-LOCK-LOST',
    why: expect.stringMatching(/lucree abort of .* took it over/) as string,
  })
})
