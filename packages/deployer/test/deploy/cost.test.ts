import { expect, test } from 'vitest'
import { environmentSettings } from '../../src/beanstalk/options.ts'
import type { OptionSetting } from '../../src/beanstalk/option-settings.ts'
import { costDifference } from '../../src/deploy/cost.ts'
import { balancedTarget, deployTarget } from '../deploy-target.ts'

const target = deployTarget({ instanceType: 't3.micro' })
const balanced = balancedTarget({ instanceType: 't3.micro' })

test('one instance costs its hours, its address and its volume', () => {
  // 0.0104 × 730 + 0.005 × 730 + 16 × 0.08
  expect(costDifference(undefined, environmentSettings(target))).toEqual({
    ...{ currency: 'USD', region: 'us-east-1', asOf: '2026-11-22' },
    ...{ beforeMonthly: 0, afterMonthly: 12.52, unknown: null },
  })
})

test('behind a load balancer the fewest instances count, with the balancer and its two addresses', () => {
  // 2 × (0.0104 + 0.005) × 730 + 2 × 16 × 0.08 + 0.0225 × 730 + 2 × 0.005 × 730
  expect(costDifference(undefined, environmentSettings(balanced)).afterMonthly).toBe(48.77)
})

test('another type is a difference, as old as the older of its prices', () => {
  const before = environmentSettings(target)
  const after = environmentSettings({ ...target, instanceType: 't3.small' })
  expect(costDifference(before, after)).toMatchObject({
    ...{ asOf: '2026-07-28', beforeMonthly: 12.52, afterMonthly: 20.11 },
  })
})

const changed = (name: string, value: string): OptionSetting[] =>
  environmentSettings(balanced).map((option) => (option.name === name ? { ...option, value } : option))

test.each([
  ['InstanceTypes', 'x9.colossal', 'the price of x9.colossal is not known'],
  ['RootVolumeType', 'io2', 'the price of its volumes is not known'],
  ['LoadBalancerType', 'classic', 'the price of its load balancer is not known'],
])('with %s %s the amount is not known rather than guessed', (name, value, unknown) => {
  expect(costDifference(environmentSettings(balanced), changed(name, value))).toMatchObject({
    ...{ beforeMonthly: 48.77, afterMonthly: null, unknown },
  })
})
