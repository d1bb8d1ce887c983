import { afterAll, beforeAll, expect, test } from 'vitest'
import { LOCK_TIMES } from '../../../src/beanstalk/lock/acquire.ts'
import type { Lease } from '../../../src/beanstalk/lock/lease.ts'
import { readLock } from '../../../src/beanstalk/lock/lock-document.ts'
import { LockLost } from '../../../src/beanstalk/lock/lock-failures.ts'
import { unlock } from '../../../src/beanstalk/lock/manual-lock.ts'
import type { Documents } from '../../../src/beanstalk/ports.ts'
import {
  asItStands,
  type History,
  lastGoodRelease,
  listReleases,
  readRelease,
} from '../../../src/beanstalk/releases/history.ts'
import {
  amendRelease,
  closeRelease,
  openRelease,
  type ReleaseRequest,
} from '../../../src/beanstalk/releases/release.ts'
import { releaseKey } from '../../../src/beanstalk/releases/release-record.ts'
import { lockPlace, withLock } from '../../../src/deploy/with-lock.ts'
import type { Tools } from '../../../src/deploy/tools.ts'
import { CloudError } from '../../../src/errors.ts'
import { type Account, openEmulated, originOf } from '../emulated.ts'
import { HurriedClock } from '../hurried-clock.ts'

let account: Account
beforeAll(async () => {
  account = await openEmulated()
})
afterAll(() => account.close())

const forever = new AbortController().signal
const request: ReleaseRequest = {
  command: 'lucree deploy',
  message: 'the new header',
  revision: { commit: '4f2c1ab', subject: 'feat: header', dirty: false },
  version: undefined,
  bundle: undefined,
  options: { settings: [], properties: [], secrets: [], fingerprintKey: null },
}

let environments = 0
const newTarget = () => {
  environments += 1
  return { application: 'shop', environment: `shop-${environments}`, region: account.emulator.region }
}
type Target = ReturnType<typeof newTarget>

async function historyOf(target: Target, documents: Documents = account.cloud.documents): Promise<History> {
  const { lock } = await lockPlace(account.tools(), target, originOf('reader'))
  return { documents, bundles: account.cloud.bundles, place: lock.place }
}

/** Runs as one lucree that holds the lock, however long it has to wait for it. */
function holding<T>(
  target: Target,
  host: string,
  run: (lease: Lease, tools: Tools, history: History) => Promise<T>,
): Promise<T> {
  const times = { ...LOCK_TIMES, pollMs: 100 }
  const undertaking = { target, command: 'lucree deploy', waitMs: 60_000, origin: originOf(host), times }
  return withLock(account.tools(), undertaking, async (lease, tools) =>
    run(lease, tools, await historyOf(target)),
  )
}

/** A whole release, as short as one can be. */
const release = (target: Target, host: string, outcome: 'deployed' | 'failed' = 'deployed') =>
  holding(target, host, async (lease, { clock }, history) => {
    const opened = await openRelease({ history, lease, clock }, request, forever)
    return closeRelease({ history, lease, clock }, opened, { outcome, version: `v${opened.record.number}` })
  })

test('50 pairs of simultaneous contenders: never two inside, never a number lost or given twice', async () => {
  const pairs = Array.from({ length: 50 }, () => ({ target: newTarget(), inside: 0, most: 0 }))
  const contend = (pair: (typeof pairs)[number], host: string) =>
    holding(pair.target, host, async (lease, { clock }, history) => {
      pair.inside += 1
      pair.most = Math.max(pair.most, pair.inside)
      const opened = await openRelease({ history, lease, clock }, request, forever)
      await clock.sleep(5)
      await closeRelease({ history, lease, clock }, opened, { outcome: 'deployed' })
      pair.inside -= 1
      return { number: opened.record.number, fence: lease.fence }
    })
  const results: Awaited<ReturnType<typeof contend>>[][] = []
  // Ten pairs at once are as many as two cores serve well.
  for (let at = 0; at < pairs.length; at += 10) {
    const some = pairs.slice(at, at + 10)
    const both = some.map((pair) => Promise.all([contend(pair, 'left'), contend(pair, 'right')]))
    results.push(...(await Promise.all(both)))
  }
  expect(pairs.map(({ most }) => most)).toEqual(pairs.map(() => 1))
  for (const pair of results) {
    expect(pair.map(({ number }) => number).sort()).toEqual([1, 2])
    expect(pair.map(({ fence }) => fence).sort()).toEqual([1, 2])
  }
}, 60_000)

test('twenty at once on one environment come in one after the other, and their numbers are one to twenty', async () => {
  const target = newTarget()
  const all = await Promise.all(Array.from({ length: 20 }, (_, at) => release(target, `host-${at}`)))
  const numbers = all.map(({ record }) => record.number)
  expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
}, 60_000)

test('a release carries who, where, when, why and how it ended, and is listed newest first', async () => {
  const target = newTarget()
  await release(target, 'laptop')
  await release(target, 'runner', 'failed')
  const history = await historyOf(target)
  const { releases } = await listReleases(history, 10, forever)
  expect(releases.map(({ number, outcome, host }) => [number, outcome, host])).toEqual([
    [2, 'failed', 'runner'],
    [1, 'deployed', 'laptop'],
  ])
  expect(releases[1]).toMatchObject({
    by: expect.stringMatching(/^arn:aws:/),
    message: 'the new header',
    version: 'v1',
    fence: 1,
    revision: { commit: '4f2c1ab' },
    durationMs: expect.any(Number),
  })
  expect((await lastGoodRelease(history, forever))?.number).toBe(1)
  expect(await lastGoodRelease(history, forever, 1)).toBeUndefined()
})

test('what becomes known while it is made is added to it', async () => {
  const target = newTarget()
  await holding(target, 'laptop', async (lease, { clock }, history) => {
    const opened = await openRelease({ history, lease, clock }, request, forever)
    expect(opened.record).toMatchObject({ number: 1, outcome: 'in-progress', version: null })
    await amendRelease({ history, lease, clock }, opened, { version: 'v7' }, forever)
    const read = await readRelease(history, 1, forever)
    expect(read).toMatchObject({ record: { version: 'v7', outcome: 'in-progress' } })
  })
})

test('what a late holder still writes fails, and its release stands as the new holder closed it', async () => {
  const target = newTarget()
  const late = holding(target, 'late', async (lease, tools, history) => {
    const opened = await openRelease({ history, lease, clock: tools.clock }, request, forever)
    const { lock, author } = await lockPlace(tools, target, originOf('admin'))
    const seen = await readLock(lock, forever)
    if (seen) await unlock(lock, { seen, author, force: true }, forever)
    await release(target, 'successor')
    // Even a lease that hasn't noticed can't write over what the successor closed.
    const unnoticing = { ...lease, fence: 1, check: async () => undefined } as unknown as Lease
    const blind = closeRelease({ history, lease: unnoticing, clock: tools.clock }, opened, {
      outcome: 'deployed',
    })
    await expect(blind).rejects.toMatchObject({ code: 'LUC-LOCK-LOST', exitCode: 9 })
    await closeRelease({ history, lease, clock: tools.clock }, opened, { outcome: 'deployed' })
  })
  await expect(late).rejects.toBeInstanceOf(LockLost)
  const { releases } = await listReleases(await historyOf(target), 10, forever)
  expect(releases.map(({ number, outcome, host }) => [number, outcome, host])).toEqual([
    [2, 'deployed', 'successor'],
    [1, 'interrupted', 'late'],
  ])
})

test('a release whose lucree was killed shows as interrupted before anybody has closed it', async () => {
  const target = newTarget()
  const history = await historyOf(target)
  await holding(target, 'laptop', async (lease, { clock }) => {
    const { record } = await openRelease({ history, lease, clock }, request, forever)
    const { lock } = await lockPlace(account.tools(), target, originOf('reader'))
    expect(asItStands(record, await readLock(lock, forever)).outcome).toBe('in-progress')
  })
  const { lock } = await lockPlace(account.tools(), target, originOf('reader'))
  const [left] = (await listReleases(history, 1, forever)).releases
  expect(left && asItStands(left, await readLock(lock, forever))).toMatchObject({
    outcome: 'interrupted',
    cause: { code: 'LUC-RELEASE-ABANDONED' },
  })
})

test('an answer that was lost after the number was reserved doesn’t take a second one', async () => {
  const target = newTarget()
  const { documents } = account.cloud
  let lost = 0
  const forgetful: Documents = {
    ...documents,
    read: (...given) => documents.read(...given),
    remove: (...given) => documents.remove(...given),
    // As the SDK does: the answer is lost, and the second attempt finds what the first one wrote.
    write: async (...given) => {
      await documents.write(...given)
      lost += 1
      return documents.write(...given)
    },
  }
  await holding(target, 'laptop', async (lease, { clock }) => {
    const history = await historyOf(target, forgetful)
    const opened = await openRelease({ history, lease, clock }, request, forever)
    expect(opened.record.number).toBe(1)
    const closed = await closeRelease({ history, lease, clock }, opened, { outcome: 'deployed' })
    expect(closed.record.outcome).toBe('deployed')
  })
  expect(lost).toBe(2)
  expect((await listReleases(await historyOf(target), 10, forever)).releases).toHaveLength(1)
})

test('a broken record and one of a newer lucree are told, and the others are read all the same', async () => {
  const target = newTarget()
  await release(target, 'laptop')
  const history = await historyOf(target)
  const { documents, place } = history
  const put = (number: number, body: string) =>
    documents.write({ bucket: place.bucket, key: releaseKey(place, number), body, replaces: undefined })
  await put(2, '{"schema": 2, "number": 2}')
  await put(3, '{ half')
  await put(4, '{"schema": 1, "number": "four"}')
  const { releases, unreadable } = await listReleases(history, 10, forever)
  expect(releases.map(({ number }) => number)).toEqual([1])
  expect(unreadable).toEqual([
    { number: 4, why: expect.stringContaining('settings') },
    { number: 3, why: 'it is not JSON' },
    { number: 2, why: 'a newer lucree wrote it' },
  ])
  expect((await release(target, 'laptop')).record.number).toBe(5)
})

test('a release can’t be opened while S3 can’t be reached, and says so', async () => {
  const target = newTarget()
  await holding(target, 'laptop', async (lease) => {
    const clock = new HurriedClock(50)
    const gone = async () => {
      throw new CloudError('AWS could not be reached', { code: 'X', awsCode: undefined, transient: true })
    }
    const history = await historyOf(target, { read: gone, write: gone, remove: gone })
    await expect(openRelease({ history, lease, clock }, request, forever)).rejects.toThrow(
      'could not be reached',
    )
  })
})
