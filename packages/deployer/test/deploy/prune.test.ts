import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleKey } from '../../src/beanstalk/upload.ts'
import { closeRelease, openRelease } from '../../src/beanstalk/releases/release.ts'
import { releaseKey } from '../../src/beanstalk/releases/release-record.ts'
import { pruneReleases } from '../../src/deploy/prune.ts'
import { withLock } from '../../src/deploy/with-lock.ts'
import { type Account, openEmulated, originOf } from '../beanstalk/emulated.ts'

let account: Account
beforeAll(async () => {
  account = await openEmulated()
})
afterAll(() => account.close())

const signal = new AbortController().signal
const label = (count: number) => `v${count}`
const options = { settings: [], properties: [], secrets: [], fingerprintKey: null }

test('after many releases the old versions and their bundles are gone, and those of the last ten can be deployed', async () => {
  const { beanstalk, bundles, documents } = account.cloud
  const application = 'shop'
  const target = { application, environment: 'shop-production', region: account.emulator.region }
  await beanstalk.createApplication({ name: application, tags: {} }, signal)
  const bucket = await beanstalk.createStorageLocation(signal)
  const tools = account.tools()
  const undertaking = { target, command: 'lucree deploy', waitMs: 0, origin: originOf('laptop') }
  const place = await withLock(tools, undertaking, async (lease) => {
    const making = { history: { documents, bundles, place: lease.place }, lease, clock: tools.clock }
    for (let count = 1; count <= 13; count += 1) {
      const key = bundleKey(application, count.toString(16).padStart(64, '0'))
      await documents.write({ bucket, key, body: `zip ${count}`, replaces: undefined })
      await beanstalk.createVersion(
        { application, label: label(count), description: '', bucket, key },
        signal,
      )
      const request = {
        command: 'lucree deploy',
        message: undefined,
        revision: undefined,
        bundle: undefined,
        options,
      }
      const release = await openRelease(making, { ...request, version: label(count) }, signal)
      await closeRelease(making, release, { outcome: 'deployed' })
    }
    return lease.place
  })
  // The service dates the versions: all but the last are of days ago.
  const dated = {
    ...tools,
    cloud: {
      ...tools.cloud,
      beanstalk: {
        describeVersions: async (name: string) =>
          (await beanstalk.describeVersions(name)).map((version) => ({
            ...version,
            createdAt: new Date(Number(version.label.slice(1)) * 86_400_000),
          })),
        describeEnvironments: (filter: { application: string }) => beanstalk.describeEnvironments(filter),
        deleteVersion: (...given: Parameters<typeof beanstalk.deleteVersion>) =>
          beanstalk.deleteVersion(...given),
      } as unknown as typeof beanstalk,
    },
  }
  const gone = await pruneReleases(place, dated)
  expect(gone.map((version) => version.label).sort()).toEqual(['v1', 'v2', 'v3'])
  const left = await beanstalk.describeVersions(application, undefined, signal)
  expect(left.map((version) => version.label).sort()).toEqual(
    Array.from({ length: 10 }, (_, at) => label(at + 4)).sort(),
  )
  expect((await bundles.list(bucket, `${application}/`, signal)).length).toBe(10)
  expect(await pruneReleases(place, dated)).toEqual([])

  await documents.write({ bucket, key: releaseKey(place, 14), body: '{ half', replaces: undefined })
  expect(await pruneReleases(place, dated)).toEqual([])
})
