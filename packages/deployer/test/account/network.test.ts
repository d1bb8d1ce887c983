import { expect, test } from 'vitest'
import { lookAtNetwork } from '../../src/account/network.ts'
import type { DeployTarget } from '../../src/config/target.ts'
import { accountContext, type FakeNetwork, usualNetwork } from './fake-account.ts'

const { signal } = new AbortController()
const chosen = { vpc: 'vpc-1', subnets: ['subnet-a', 'subnet-b'], balancerSubnets: ['subnet-a', 'subnet-b'] }
const balanced = { type: 'load-balanced' } as const

async function look(
  target: Partial<DeployTarget> = {},
  change: (network: FakeNetwork) => void = () => undefined,
) {
  const network = usualNetwork()
  change(network)
  const { results } = await lookAtNetwork(accountContext({ target, network }), signal)
  return results[0]
}

test('the default VPC is used', async () => {
  expect(await look()).toMatchObject({ state: 'ok', found: 'default VPC vpc-1, 2 subnets in 2 zones' })
})

test('without a default VPC a deploy is refused with three ways out, unless it may make one', async () => {
  const network = { ...usualNetwork(), vpcs: [] }
  const { results } = await lookAtNetwork(accountContext({ network }), signal)
  expect(results[0]).toMatchObject({ state: 'failed', code: 'LUC-ACCOUNT-NO-VPC' })
  expect(results[0]?.mend.join('\n')).toMatch(/--create-default-vpc[^]*"subnets"[^]*--region/)
  const allowed = await lookAtNetwork(accountContext({ network, makesDefaultVpc: true }), signal)
  expect(allowed.results[0]?.state).toBe('ok')
})

test('a VPC and subnets of the project file are used', async () => {
  expect(await look({ network: chosen, ...balanced })).toMatchObject({ state: 'ok' })
})

test.each<[string, string, Partial<DeployTarget>, (network: FakeNetwork) => void]>([
  ['a VPC that is not there', 'VPC-UNKNOWN', { network: { ...chosen, vpc: 'vpc-2' } }, () => undefined],
  [
    'a subnet that is not there',
    'SUBNET-UNKNOWN',
    { network: { ...chosen, subnets: ['subnet-c'] } },
    () => undefined,
  ],
  [
    'a subnet of another VPC',
    'SUBNET-FOREIGN',
    { network: chosen },
    ({ subnets }) => Object.assign(subnets[0] ?? {}, { vpc: 'vpc-2' }),
  ],
  [
    'a load balancer in one zone',
    'ONE-ZONE',
    { ...balanced, network: { ...chosen, balancerSubnets: ['subnet-a'] } },
    () => undefined,
  ],
  [
    'a load balancer in private subnets',
    'BALANCER-CLOSED',
    { ...balanced, network: chosen },
    ({ tables }) =>
      Object.assign(tables[0] ?? {}, { routes: [{ destination: '0.0.0.0/0', target: 'nat-1' }] }),
  ],
  [
    'subnets that lead nowhere',
    'NO-WAY-OUT',
    { network: chosen },
    ({ tables }) =>
      Object.assign(tables[0] ?? {}, { routes: [{ destination: '10.0.0.0/8', target: 'local' }] }),
  ],
  [
    'a single instance behind NAT, which nobody reaches',
    'INSTANCE-CLOSED',
    { network: chosen },
    ({ tables }) =>
      Object.assign(tables[0] ?? {}, { routes: [{ destination: '0.0.0.0/0', target: 'nat-1' }] }),
  ],
  [
    'subnets without a free address',
    'SUBNET-FULL',
    { network: chosen },
    ({ subnets }) => subnets.forEach((subnet) => (subnet.freeAddresses = 0)),
  ],
  ['a default VPC whose subnets were removed', 'NO-SUBNET', {}, (network) => network.subnets.splice(0)],
])('%s is refused before anything is made', async (_, code, target, change) => {
  const result = await look(target, change)
  expect(result).toMatchObject({ state: 'failed', code: `LUC-ACCOUNT-${code}` })
  expect(result?.mend.length).toBeGreaterThan(0)
})

test('instances behind NAT are fine when the load balancer is public', async () => {
  const split = { ...chosen, subnets: ['subnet-p'] }
  const result = await look({ ...balanced, network: split }, ({ subnets, tables }) => {
    subnets.push({ ...(subnets[0] as (typeof subnets)[number]), id: 'subnet-p' })
    const routes = [{ destination: '0.0.0.0/0', target: 'nat-1' }]
    tables.push({ id: 'rtb-2', vpc: 'vpc-1', main: false, subnets: ['subnet-p'], routes })
  })
  expect(result).toMatchObject({ state: 'ok' })
})
