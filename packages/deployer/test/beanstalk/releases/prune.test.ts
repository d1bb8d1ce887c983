import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VersionDescription } from '../../../src/beanstalk/ports.ts'
import { keptReleases, prunableVersions, smallestMaxCount } from '../../../src/beanstalk/releases/prune.ts'
import type { ReleaseOutcome, ReleaseRecord } from '../../../src/beanstalk/releases/release-record.ts'
import { bundleKey } from '../../../src/beanstalk/upload.ts'

const hex = (count: number) => count.toString(16).padStart(64, '0')
const application = 'shop'

const DAY = 86_400_000

/** Version `v<n>`, made `n` days after the epoch. */
function version(count: number, key = bundleKey(application, hex(count))): VersionDescription {
  const createdAt = new Date(count * DAY)
  return { label: `v${count}`, status: 'processed', description: undefined, bucket: 'bucket', key, createdAt }
}

function release(number: number, outcome: ReleaseOutcome = 'deployed', environment = 'production') {
  const at = new Date(number * DAY + 1_000).toISOString()
  return { number, environment, outcome, version: `v${number}`, at } as ReleaseRecord
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const labels = (prunable: { label: string }[]) => prunable.map(({ label }) => label)

test('the versions of the last ten releases stay, and older ones go with their bundles', () => {
  const versions = range(1, 15).map((count) => version(count))
  const gone = prunableVersions({
    application,
    versions,
    releases: range(1, 15).map((n) => release(n)),
    serving: ['v15'],
  })
  expect(labels(gone)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5'])
  expect(gone.every(({ deleteBundle }) => deleteBundle)).toBe(true)
})

test('what serves stays however old, and so does the last good release of an environment that only fails since', () => {
  const releases = [
    ...range(1, 4).map((n) => release(n)),
    ...range(5, 20).map((n) => release(n, 'failed')),
    ...range(21, 40).map((n) => release(n, 'deployed', 'staging')),
  ]
  const versions = range(1, 40).map((count) => version(count))
  const gone = labels(prunableVersions({ application, versions, releases, serving: ['v2', 'v40'] }))
  expect(gone).toEqual([1, 3, ...range(5, 10), ...range(21, 30)].map((n) => `v${n}`))
})

test('versions that others made, and those without a release that are younger than a day, are left alone', () => {
  const versions = [
    version(1, 'shop/app-5f2c-eb.zip'),
    version(2, bundleKey('another', hex(2))),
    { ...version(3), createdAt: undefined },
    { ...version(4), createdAt: new Date(29.5 * DAY) },
    version(30),
  ]
  const releases = range(11, 25).map((n) => release(n))
  expect(prunableVersions({ application, versions, releases, serving: [] })).toEqual([])
})

test('what one environment is deployed to often doesn’t pile up beside one that is deployed to rarely', () => {
  const releases = [
    ...range(1, 10).map((n) => release(n)),
    ...range(11, 300).map((n) => release(n, 'deployed', 'staging')),
  ]
  const versions = range(1, 300).map((count) => version(count))
  const gone = new Set(labels(prunableVersions({ application, versions, releases, serving: [] })))
  const stay = versions.filter(({ label }) => !gone.has(label)).map(({ label }) => label)
  expect(stay).toEqual([...range(1, 10), ...range(291, 300)].map((n) => `v${n}`))
})

test('a bundle that a staying version is made of too stays', () => {
  const versions = [
    version(1, bundleKey(application, hex(15))),
    ...range(6, 15).map((count) => version(count)),
  ]
  const releases = range(1, 15).map((n) => release(n))
  expect(prunableVersions({ application, versions, releases, serving: [] })).toEqual([
    { label: 'v1', deleteBundle: false },
  ])
})

test('without any release nothing goes', () => {
  expect(prunableVersions({ application, versions: [version(1)], releases: [], serving: [] })).toEqual([])
})

test('whatever happened, no version of a kept release and none that serves ever goes', () => {
  const outcome = fc.constantFrom<ReleaseOutcome>(
    'deployed',
    'failed',
    'rolled-back',
    'interrupted',
    'in-progress',
  )
  const made = fc.record({
    outcome,
    environment: fc.constantFrom('production', 'staging'),
    version: fc.nat(40),
  })
  fc.assert(
    fc.property(fc.array(made, { maxLength: 60 }), fc.array(fc.nat(40)), (some, serves) => {
      const releases = some.map(({ outcome, environment, version }, at) => ({
        ...release(at + 1, outcome, environment),
        version: `v${version}`,
      }))
      const serving = serves.map((count) => `v${count}`)
      const versions = range(0, 40).map((count) => version(count))
      const gone = new Set(labels(prunableVersions({ application, versions, releases, serving })))
      for (const label of [...serving, ...keptReleases(releases).map((kept) => kept.version ?? '')]) {
        expect(gone.has(label)).toBe(false)
      }
    }),
  )
})

test('a lifecycle rule by count has to leave room for every environment’s releases and the version being made', () => {
  expect(smallestMaxCount(1)).toBe(11)
  expect(smallestMaxCount(3)).toBe(31)
})
