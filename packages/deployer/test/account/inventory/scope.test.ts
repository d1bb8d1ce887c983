import { expect, test } from 'vitest'
import type { Inventory } from '../../../src/account/inventory/inventory.ts'
import type { Held } from '../../../src/account/inventory/item.ts'
import { narrowTo, neededBy } from '../../../src/account/inventory/scope.ts'
import type { EnvironmentDescription } from '../../../src/beanstalk/ports.ts'

const environment = (name: string, versionLabel: string): Held => ({
  kind: 'environment',
  ...{ name, environment: name },
  description: { name, versionLabel } as EnvironmentDescription,
})
const bundle = (key: string, ...of: string[]): Held => ({
  ...{ kind: 'object', name: `s3://b/${key}`, bucket: 'b', key },
  what: { is: 'bundle', of },
})
const log = (environment: string): Held => ({
  ...{ kind: 'object', name: `s3://b/${environment}/log`, bucket: 'b', key: `${environment}/log` },
  ...{ what: { is: 'log' }, environment },
})

const items: Held[] = [
  environment('shop-one', 'v1'),
  environment('shop-two', 'v2'),
  { kind: 'version', name: 'v1', label: 'v1' },
  { kind: 'version', name: 'v2', label: 'v2' },
  { kind: 'version', name: 'v3', label: 'v3' },
  bundle('shop/1.zip', 'v1'),
  bundle('shop/2.zip', 'v2', 'v3'),
  bundle('shop/old.zip'),
  log('shop-one'),
  log('shop-two'),
  { kind: 'log-group', name: '/aws/elasticbeanstalk/shop-one/log', environment: 'shop-one' },
  { kind: 'application', name: 'shop' },
  { kind: 'role', name: 'role', policies: [] },
  { kind: 'bucket', name: 'b' },
]
const inventory: Inventory = { region: 'r', application: 'shop', items, kept: [], unseen: [], past: [] }
const names = (held: { name: string }[]) => held.map(({ name }) => name)

test('one environment takes only what is its own with it', () => {
  const narrowed = narrowTo(inventory, { environment: 'shop-one', keepVersions: false })
  expect(names(narrowed.items)).toEqual([
    'shop-one',
    's3://b/shop-one/log',
    '/aws/elasticbeanstalk/shop-one/log',
  ])
})

test('--keep-versions keeps all that another deploy of them needs, and says so', () => {
  const narrowed = narrowTo(inventory, { environment: undefined, keepVersions: true })
  expect(new Set(narrowed.items.map(({ kind }) => kind))).toEqual(
    new Set(['environment', 'object', 'log-group']),
  )
  expect(names(narrowed.items)).not.toContain('s3://b/shop/old.zip')
  expect(names(narrowed.kept)).toEqual(
    expect.arrayContaining(['v1', 'v3', 's3://b/shop/1.zip', 'shop', 'role', 'b']),
  )
  expect(narrowed.kept[0]?.why).toContain('--keep-versions')
})

test('an environment that is still there keeps its version, its bundle, its logs and what the application is made of', () => {
  const left = items.filter(({ name }) => name !== 'shop-one')
  expect(names([...neededBy(left).values()])).toEqual([
    'v2',
    's3://b/shop/2.zip',
    's3://b/shop-two/log',
    'shop',
    'role',
    'b',
  ])
})

test('without an environment nothing is needed', () => {
  expect(neededBy(items.slice(2)).size).toBe(0)
})
