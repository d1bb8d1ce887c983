import { expect, test } from 'vitest'
import { cheaperFirst, instanceHour } from '../../src/account/prices.ts'

test('a type that is not in the table has no price, whatever it is called', () => {
  expect(instanceHour('t3.micro')).toMatchObject({ usd: 0.0104, source: 'facts sheet §5' })
  expect(instanceHour('x9.colossal')).toBeUndefined()
  expect(instanceHour('constructor')).toBeUndefined()
})

test('the cheapest type comes first, and those without a price last, the smallest of them first', () => {
  const types = ['z1.big', 't3.small', 'z1.tiny', 't4g.micro', 't3.micro']
  const sizes: Record<string, number> = { 'z1.big': 4096, 'z1.tiny': 512 }
  const sorted = types.map((name) => ({ name, memoryMiB: sizes[name] ?? 1024 })).sort(cheaperFirst)
  expect(sorted.map(({ name }) => name)).toEqual(['t4g.micro', 't3.micro', 't3.small', 'z1.tiny', 'z1.big'])
})
