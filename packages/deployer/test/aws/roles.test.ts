import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountContext } from '../../src/account/context.ts'
import { makeRoles } from '../../src/account/make-roles.ts'
import { lookAtRoles } from '../../src/account/roles.ts'
import { type Account, openEmulated } from '../beanstalk/emulated.ts'

let account: Account
beforeAll(async () => {
  account = await openEmulated()
})
afterAll(() => account.close())

const PROFILE = 'aws-elasticbeanstalk-ec2-role'
const SERVICE = 'aws-elasticbeanstalk-service-role'
const contextOf = ({ cloud }: Account, more: Partial<AccountContext> = {}) =>
  ({ cloud, clock: account.tools().clock, target: { application: 'shop' }, ...more }) as AccountContext

test('a new account gets roles and profile over the wire, and a second look finds them complete', async () => {
  const { cloud } = account
  const { signal, clock } = account.tools()
  const seen = await lookAtRoles(contextOf(account), signal)
  expect([seen.instance.profile, seen.instance.found, seen.service.found]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  const waiting = { clock, signal, intervalMs: 50, deadline: clock.now() + 10_000 }
  await makeRoles(cloud.roles, seen, { application: 'shop', waiting })
  const { results, instance, service } = await lookAtRoles(contextOf(account), signal)
  expect(results).toEqual([
    { name: 'instance profile', state: 'ok', found: `${PROFILE} with ${PROFILE}`, mend: [] },
    { name: 'service role', state: 'ok', found: SERVICE, mend: [] },
  ])
  expect(instance.profile).toMatchObject({ roles: [PROFILE], tags: { 'lucree:managed': 'true' } })
  expect(service.found?.tags).toEqual({ 'lucree:managed': 'true', 'lucree:application': 'shop' })
})

test('what is removed is gone, and removing it again is as good', async () => {
  const { roles } = account.cloud
  await roles.removeRoleFromProfile(PROFILE, PROFILE)
  const remove = async () => {
    await roles.deleteProfile(PROFILE)
    for (const policy of (await roles.describeRole(PROFILE))?.policies ?? [])
      await roles.detachPolicy(PROFILE, policy)
    await roles.deleteRole(PROFILE)
  }
  await remove()
  await remove()
  expect(await roles.describeProfile(PROFILE)).toBeUndefined()
  expect(await roles.describeRole(PROFILE)).toBeUndefined()
})
