import { expect, test } from 'vitest'
import { groundOf, lookAtAccount } from '../../src/account/look.ts'
import type { AccountContext } from '../../src/account/context.ts'
import type { DeployTarget } from '../../src/config/target.ts'
import { accountContext, type FakeNetwork, usualNetwork } from './fake-account.ts'

const { signal } = new AbortController()

async function look(
  target: Partial<DeployTarget> = {},
  more: Pick<AccountContext, 'image'> & { network?: FakeNetwork } = {},
) {
  const makes = { application: true, version: true }
  const seen = await lookAtAccount(accountContext({ target, ...more }), makes, signal)
  return { ground: groundOf(seen), result: seen.instanceType.results[0] }
}

test('without a type the cheapest that a free-plan account may start is taken, of the architecture of the image', async () => {
  expect((await look()).ground.instanceType).toBe('t3.micro')
  const image = { names: [], architecture: 'arm64' as const }
  expect((await look({}, { image })).ground.instanceType).toBe('t4g.micro')
})

test('a type that enough zones don’t have is not taken', async () => {
  const network = usualNetwork()
  network.offerings = network.offerings.filter(
    ({ name, zone }) => name !== 't3.micro' || zone === 'us-east-1a',
  )
  expect((await look({ type: 'load-balanced' }, { network })).ground.instanceType).toBe('c7i-flex.large')
})

test('in the default VPC Beanstalk chooses the zone, unless one of them does not have the type', async () => {
  expect((await look()).ground.network).toBeUndefined()
  const network = usualNetwork()
  network.offerings = network.offerings.filter(({ zone }) => zone === 'us-east-1b')
  expect((await look({}, { network })).ground.network).toEqual({
    ...{ vpc: 'vpc-1', subnets: ['subnet-b'], publicAddresses: true },
    balancerSubnets: ['subnet-a', 'subnet-b'],
  })
})

test.each<[string, Partial<DeployTarget>, string, string]>([
  ['is eligible', { instanceType: 't3.micro' }, 'ok', ''],
  ['costs money, which a free plan can’t', { instanceType: 'm5.large' }, 'warning', 'TYPE-NOT-FREE'],
  ['does not exist', { instanceType: 't3.mikro' }, 'failed', 'TYPE-UNKNOWN'],
])('a type of the project file that %s', async (_, target, state, code) => {
  const { result } = await look(target)
  expect(result).toMatchObject({ state, ...(code ? { code: `LUC-ACCOUNT-${code}` } : {}) })
})

test('a type of the project file that no zone of the subnets has is refused with both lists of zones', async () => {
  const network = usualNetwork()
  network.offerings = [{ name: 't3.micro', zone: 'us-east-1e' }]
  expect((await look({ instanceType: 't3.micro' }, { network })).result).toMatchObject({
    state: 'failed',
    code: 'LUC-ACCOUNT-TYPE-NOT-OFFERED',
    found: 't3.micro can be had in us-east-1e, and the subnets are in us-east-1a, us-east-1b',
  })
})

test('a type of another architecture than the Dockerfile’s platform is refused', async () => {
  const image = { names: [], architecture: 'arm64' as const }
  expect((await look({ instanceType: 't3.micro' }, { image })).result).toMatchObject({
    state: 'failed',
    code: 'LUC-ACCOUNT-TYPE-ARCHITECTURE',
  })
})

test('a region that names no type for the free tier gets the usual one with a warning', async () => {
  const network = { ...usualNetwork(), types: [] }
  const { ground, result } = await look({}, { network })
  expect(ground).toMatchObject({ instanceType: 't3.micro', network: undefined })
  expect(result).toMatchObject({ state: 'warning', code: 'LUC-ACCOUNT-NO-FREE-TYPE' })
})
