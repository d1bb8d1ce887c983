import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookAtAccount } from '../../src/account/look.ts'
import { lookAtNetwork } from '../../src/account/network.ts'
import type { AccountContext } from '../../src/account/context.ts'
import { type Account, openEmulated } from '../beanstalk/emulated.ts'

let account: Account
beforeAll(async () => {
  account = await openEmulated()
})
afterAll(() => account.close())

const contextOf = (target: object = {}) =>
  ({
    ...{ cloud: account.cloud, clock: account.tools().clock },
    target: { application: 'shop', region: 'us-east-1', type: 'single', ...target },
  }) as AccountContext

test('the default VPC of a new account is seen over the wire, with zones and its way out', async () => {
  const { signal } = account.tools()
  const { place, results } = await lookAtNetwork(contextOf({ type: 'load-balanced' }), signal)
  expect(results).toMatchObject([{ state: 'ok' }])
  expect(place).toMatchObject({ isDefault: true })
  expect(place?.subnets.every(({ wayOut }) => wayOut === 'internet-gateway')).toBe(true)
})

test('ids that do not exist are an answer, not an error', async () => {
  const { network } = account.cloud
  expect(await network.describeVpcs({ ids: ['vpc-0123456789abcdef0'] })).toEqual([])
  expect(await network.describeSubnets({ ids: ['subnet-0123456789abcdef0'] })).toEqual([])
  expect(await network.describeInstanceTypes({ names: ['t3.mikro'] })).toEqual([])
})

test('the cheapest type that a free-plan account may start is found', async () => {
  const { signal } = account.tools()
  const seen = await lookAtAccount(contextOf(), { application: true, version: true }, signal)
  expect(seen.instanceType.name).toBe('t3.micro')
  expect(seen.results.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  const arm = { ...contextOf(), image: { names: [], architecture: 'arm64' as const } }
  expect((await lookAtAccount(arm, { application: true, version: true }, signal)).instanceType.name).toBe(
    't4g.micro',
  )
})
