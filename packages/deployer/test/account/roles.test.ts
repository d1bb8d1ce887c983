import { expect, test } from 'vitest'
import { makeRoles, lacksOfRoles } from '../../src/account/make-roles.ts'
import { lookAtRoles } from '../../src/account/roles.ts'
import type { AccountContext } from '../../src/account/context.ts'
import { ownTags } from '../../src/account/ownership.ts'
import { PermissionError } from '../../src/errors.ts'
import { ManualClock } from '../manual-clock.ts'
import { accountContext, FakeRoles } from './fake-account.ts'

const { signal } = new AbortController()
const PROFILE = 'aws-elasticbeanstalk-ec2-role'
const SERVICE = 'aws-elasticbeanstalk-service-role'
const trust = (service: string) => ({
  Statement: { Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] },
})
const everything = [
  `create role ${PROFILE}`,
  'attach AWSElasticBeanstalkWebTier',
  `create profile ${PROFILE}`,
  `add ${PROFILE}`,
  `create role ${SERVICE}`,
  'attach AWSElasticBeanstalkEnhancedHealth',
  'attach AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy',
].sort()

const waitingOf = (clock: ManualClock) => {
  return { clock, signal, intervalMs: 5_000, deadline: clock.now() + 60_000 }
}

async function make(
  roles: FakeRoles,
  clock: ManualClock,
  context: AccountContext = accountContext({ roles }),
) {
  const seen = await lookAtRoles(context, signal)
  return makeRoles(roles, seen, { application: 'shop', waiting: waitingOf(clock) })
}

test('an account without roles gets both and the profile, with the least policies and the tags of who made them', async () => {
  const clock = new ManualClock()
  const roles = new FakeRoles(clock)
  const seen = await lookAtRoles(accountContext({ roles }), signal)
  expect(seen.results.map(({ state }) => state)).toEqual(['ok', 'ok'])
  expect(lacksOfRoles(seen)).toHaveLength(everything.length)
  const { serviceRoleArn } = await make(roles, clock)
  expect([...roles.changes].sort()).toEqual(everything)
  expect(serviceRoleArn).toMatch(/:role\/aws-elasticbeanstalk-service-role$/)
  expect(roles.roles.get(SERVICE)?.tags).toEqual(ownTags('shop'))
  expect(roles.profiles.get(PROFILE)).toMatchObject({ tags: ownTags('shop'), roles: [PROFILE] })
})

test('what is there is used and left alone, and a second look finds nothing to make', async () => {
  const clock = new ManualClock()
  const roles = new FakeRoles(clock)
  await make(roles, clock)
  roles.changes.length = 0
  await make(roles, clock)
  expect(roles.changes).toEqual([])
})

test('IAM that shows what it made only after twenty seconds is waited for', async () => {
  const clock = new ManualClock()
  const roles = new FakeRoles(clock, 20_000)
  await make(roles, clock)
  expect([...roles.changes].sort()).toEqual(everything)
  expect(clock.now()).toBeLessThan(60_000)
})

test('IAM that shows nothing for a minute ends in an error that says how to carry on', async () => {
  const clock = new ManualClock()
  const made = make(new FakeRoles(clock, 10 * 60_000), clock)
  await expect(made).rejects.toMatchObject({ code: 'LUC-ACCOUNT-IAM-LATE', exitCode: 5 })
})

test('two deploys at once make everything once and both succeed', async () => {
  const clock = new ManualClock()
  const roles = new FakeRoles(clock)
  const context = accountContext({ roles })
  const seen = await lookAtRoles(context, signal)
  const asked = { application: 'shop', waiting: waitingOf(clock) }
  await Promise.all([makeRoles(roles, seen, asked), makeRoles(roles, seen, asked)])
  expect(roles.changes.filter((change) => !change.startsWith('attach')).sort()).toEqual(
    everything.filter((change) => !change.startsWith('attach')),
  )
})

test('a deploy that was killed after the role was made is finished by the next one', async () => {
  const clock = new ManualClock()
  const roles = new FakeRoles(clock)
  await roles.createRole({
    name: PROFILE,
    description: '',
    trust: trust('ec2.amazonaws.com'),
    tags: ownTags('shop'),
  })
  await roles.createProfile({ name: PROFILE, tags: ownTags('shop') })
  await make(roles, clock)
  expect([...roles.changes].sort()).toEqual(everything)
})

test('somebody else’s role that lacks a policy is used with a warning that names the policy and its command', async () => {
  const clock = new ManualClock()
  const roles = new FakeRoles(clock)
  await roles.createRole({ name: PROFILE, description: '', trust: trust('ec2.amazonaws.com'), tags: {} })
  const { results, instance } = await lookAtRoles(accountContext({ roles }), signal)
  expect(results[0]).toMatchObject({ state: 'warning', code: 'LUC-ACCOUNT-ROLE-LACKS' })
  expect(results[0]?.mend[0]).toBe(
    `aws iam attach-role-policy --role-name ${PROFILE} --policy-arn arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier`,
  )
  expect(instance.found?.policies).toEqual([])
})

test('a role with the right name and the wrong trust is refused with the command that mends it', async () => {
  const roles = new FakeRoles(new ManualClock())
  await roles.createRole({ name: SERVICE, description: '', trust: trust('ecs.amazonaws.com'), tags: {} })
  const { results } = await lookAtRoles(accountContext({ roles }), signal)
  expect(results[1]).toMatchObject({
    state: 'failed',
    code: 'LUC-ACCOUNT-WRONG-TRUST',
    found: `The role ${SERVICE} can't be assumed by elasticbeanstalk.amazonaws.com`,
  })
  expect(results[1]?.mend[0]).toContain(`aws iam update-assume-role-policy --role-name ${SERVICE}`)
})

test('an image of a private registry needs read access to it, others do not', async () => {
  const policies = async (name: string) => {
    const image = { names: [name], architecture: undefined }
    return (await lookAtRoles(accountContext({ image }), signal)).instance.needed.policies.length
  }
  expect(await policies('111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1')).toBe(2)
  expect(await policies('public.ecr.aws/docker/library/node:24')).toBe(1)
})

test('with --no-iam what is missing is named with the commands that make it, and nothing is made', async () => {
  const roles = new FakeRoles(new ManualClock())
  const { results } = await lookAtRoles(accountContext({ roles, makesRoles: false }), signal)
  expect(results.map(({ code }) => code)).toEqual(['LUC-ACCOUNT-NO-PROFILE', 'LUC-ACCOUNT-NO-SERVICE-ROLE'])
  const mend = results.flatMap((result) => result.mend).join('\n')
  expect(mend).toContain('arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier')
  expect(mend).toContain('arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth')
  expect(roles.changes).toEqual([])
})

test('a profile and a role that the project file names are used by their names, and never made', async () => {
  const target = {
    instanceProfile: 'arn:aws:iam::111122223333:instance-profile/web',
    serviceRole: 'beanstalk',
  }
  const clock = new ManualClock()
  const roles = new FakeRoles(clock)
  const context = accountContext({ roles, target })
  expect((await lookAtRoles(context, signal)).results.map(({ state }) => state)).toEqual(['failed', 'failed'])
  const described = { description: '', tags: {} }
  await roles.createRole({ name: 'web', trust: trust('ec2.amazonaws.com'), ...described })
  await roles.createRole({ name: 'beanstalk', trust: trust('elasticbeanstalk.amazonaws.com'), ...described })
  await roles.createProfile({ name: 'web', tags: {} })
  expect((await lookAtRoles(context, signal)).results[0]?.code).toBe('LUC-ACCOUNT-EMPTY-PROFILE')
  await roles.addRoleToProfile('web', 'web')
  expect((await lookAtRoles(context, signal)).results.map(({ state }) => state)).toEqual([
    'warning',
    'warning',
  ])
  roles.changes.length = 0
  await make(roles, clock, context)
  expect(roles.changes).toEqual([])
})

test('without the right to look it is unknown how given roles are, and an error where roles would be made', async () => {
  class DeniedRoles extends FakeRoles {
    override describeRole = () =>
      Promise.reject(new PermissionError('iam:GetRole is not allowed', { code: 'LUC-AWS-DENIED' }))
    override describeProfile = this.describeRole
  }
  const roles = new DeniedRoles(new ManualClock())
  const { results } = await lookAtRoles(accountContext({ roles, makesRoles: false }), signal)
  expect(results.map(({ state }) => state)).toEqual(['unknown', 'unknown'])
  await expect(lookAtRoles(accountContext({ roles }), signal)).rejects.toMatchObject({ exitCode: 3 })
})
