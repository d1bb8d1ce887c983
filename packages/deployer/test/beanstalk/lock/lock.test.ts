import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { acquireLock, LOCK_TIMES } from '../../../src/beanstalk/lock/acquire.ts'
import { LockHeld, LockLost } from '../../../src/beanstalk/lock/lock-failures.ts'
import { readLock } from '../../../src/beanstalk/lock/lock-document.ts'
import { lockByHand, looksAlive, unlock } from '../../../src/beanstalk/lock/manual-lock.ts'
import type { Documents } from '../../../src/beanstalk/ports.ts'
import { lockPlace, type Undertaking, withLock } from '../../../src/deploy/with-lock.ts'
import { CloudError, PermissionError } from '../../../src/errors.ts'
import { type Account, openEmulated, originOf } from '../emulated.ts'
import { ManualClock } from '../../manual-clock.ts'
import { HurriedClock } from '../hurried-clock.ts'

let account: Account
beforeAll(async () => {
  account = await openEmulated()
})
afterAll(() => account.close())

const forever = new AbortController().signal
let environments = 0

/** An environment of its own for each test. */
function undertaking(of: Partial<Undertaking> = {}): Undertaking {
  environments += 1
  return {
    target: { application: 'shop', environment: `shop-${environments}`, region: account.emulator.region },
    command: 'lucree deploy',
    waitMs: 0,
    origin: originOf('laptop'),
    ...of,
  }
}

const seenLock = async ({ target, origin }: Undertaking) => {
  const { lock } = await lockPlace(account.tools(), target, origin)
  return readLock(lock, forever)
}

/** Takes the lock like a lucree that is killed right afterwards: no sign of life ever follows. */
async function dieHolding(of: Undertaking): Promise<void> {
  const tools = account.tools()
  const { lock, author } = await lockPlace(tools, of.target, of.origin)
  const claim = { ...of, author, kind: 'lease', message: undefined, times: LOCK_TIMES } as const
  await acquireLock(lock, claim, tools)
}

/** A promise that its test fulfils. */
function signal() {
  let fulfil!: () => void
  const given = new Promise<void>((resolve) => (fulfil = resolve))
  return { given, fulfil }
}

/** The real ports, through a connection that a test can cut: calls fail before they arrive, or after they were done. */
function unreliable(documents: Documents) {
  const state = { cut: 'no' as 'no' | 'before' | 'after' | 'writes' }
  const lost = () =>
    new CloudError('AWS could not be reached', {
      code: 'LUC-AWS-UNREACHABLE',
      awsCode: undefined,
      transient: true,
    })
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    if (state.cut === 'before') throw lost()
    const answer = await call()
    if (state.cut === 'after') throw lost()
    return answer
  }
  const port: Documents = {
    read: (...given) => through(() => documents.read(...given)),
    write: async (...given) => {
      const written = await through(() => documents.write(...given))
      if (state.cut === 'writes') throw lost()
      return written
    },
    remove: (...given) => through(() => documents.remove(...given)),
  }
  return { state, port }
}

test('in an account where nothing was ever deployed the bucket is made, and the lock is free again afterwards', async () => {
  const of = undertaking()
  const seen = await withLock(account.tools(), of, async (lease) => {
    expect(lease.fence).toBe(1)
    return seenLock(of)
  })
  expect(seen?.document?.holder).toMatchObject({ kind: 'lease', host: 'laptop', command: 'lucree deploy' })
  expect((await seenLock(of))?.document).toMatchObject({ fence: 1, holder: null })
})

test('the second of two ends with 9 and names the owner, since when, the command, the CI run and what to run next', async () => {
  const of = undertaking({ origin: originOf('runner-7', 'https://ci.example.org/runs/42') })
  await withLock(account.tools(), of, async () => {
    const refused = withLock(account.tools(), { ...of, command: 'lucree env set' }, async () => 'inside')
    const error = await refused.catch((thrown: unknown) => thrown as LockHeld)
    expect(error).toBeInstanceOf(LockHeld)
    expect(error).toMatchObject({ code: 'LUC-LOCK-HELD', exitCode: 9 })
    const { why, evidence, hints, document } = error as LockHeld
    expect(why).toMatch(
      /^lucree deploy of arn:aws:.* on runner-7 \(process 4711\) has held the lock since 20\d\d-/,
    )
    expect(evidence).toEqual(['CI run: https://ci.example.org/runs/42'])
    expect(hints[0]).toMatch(/^lucree env set --lock-wait 10m/)
    expect(hints[1]).toMatch(/^lucree unlock/)
    expect(document).toMatchObject({ environment: of.target.environment, lock: { host: 'runner-7' } })
  })
})

test('one who waits comes in as soon as the first has gone, with the waited time added to the deadline, and the number has grown', async () => {
  const clock = new HurriedClock(20)
  const of = undertaking({ waitMs: 600_000 })
  const order: string[] = []
  const isInside = signal()
  const first = withLock(account.tools({ clock }), of, async () => {
    isInside.fulfil()
    await clock.sleep(8_000)
    order.push('first is done')
  })
  await isInside.given
  const tools = account.tools({ clock })
  await withLock(tools, of, async (lease, { deadline }) => {
    order.push('second')
    expect(lease.fence).toBe(2)
    expect(deadline).toBeGreaterThan(tools.deadline)
  })
  await first
  expect(order).toEqual(['first is done', 'second'])
  expect(tools.said.map(({ kind }) => kind)).toContain('waiting')
  expect(tools.said.find(({ kind }) => kind === 'note')).toMatchObject({
    message: expect.stringContaining('laptop'),
  })
})

test.each([
  ['fails', async () => Promise.reject(new Error('it broke'))],
  ['succeeds', async () => 'done'],
])('the lock is given back when what it was held for %s', async (_, run) => {
  const of = undertaking()
  await withLock(account.tools(), of, run).catch(() => undefined)
  expect((await seenLock(of))?.document?.holder).toBeNull()
})

test('Ctrl-C gives the lock back', async () => {
  const of = undertaking()
  const interrupt = new AbortController()
  const run = withLock(account.tools({ signal: interrupt.signal }), of, async (_, { signal, clock }) => {
    interrupt.abort(new Error('Ctrl-C'))
    await clock.sleep(60_000, signal)
  })
  await expect(run).rejects.toThrow('Ctrl-C')
  expect((await seenLock(of))?.document?.holder).toBeNull()
})

test('whoever lost the lock can change no environment: the call is never made', async () => {
  const of = undertaking()
  const run = withLock(account.tools(), of, async (_, { cloud }) => {
    const seen = await seenLock(of)
    const { lock, author } = await lockPlace(account.tools(), of.target, originOf('elsewhere'))
    if (seen) await unlock(lock, { seen, author, force: true }, forever)
    // Without the fence Beanstalk would answer that there is no such environment.
    await cloud.beanstalk.terminateEnvironment(of.target.environment, forever)
  })
  await expect(run).rejects.toThrow(LockLost)
})

/** Takes the lock by a clock whose sleeps take no time; milliseconds that it slept. */
async function waitedFor(of: Undertaking, aheadMs: number, documents = account.cloud.documents) {
  const manual = new ManualClock()
  const clock: Clock = {
    now: () => manual.now() + aheadMs,
    sleep: (ms, interrupt) => manual.sleep(ms, interrupt),
  }
  const tools = account.tools({ clock })
  const { lock, author } = await lockPlace(tools, of.target, of.origin)
  const claim = { ...of, author, kind: 'lease', message: undefined, times: LOCK_TIMES } as const
  const { waitedMs, document } = await acquireLock({ ...lock, documents }, claim, tools)
  expect(document.fence).toBe(2)
  return waitedMs
}

test.each([
  ['as the holder’s', 1_795_000_000_000],
  ['years behind', 0],
  ['years ahead', 4_000_000_000_000],
])(
  'a killed holder’s lock is free within 60 s for one who waits and whose clock is %s',
  async (_, aheadMs) => {
    const of = undertaking({ waitMs: 300_000 })
    await dieHolding(of)
    const waitedMs = await waitedFor(of, aheadMs)
    expect(waitedMs).toBeGreaterThanOrEqual(LOCK_TIMES.ttlMs)
    expect(waitedMs).toBeLessThan(60_000)
  },
)

test('a lock whose holder has long been silent is taken over even by one who doesn’t wait for others', async () => {
  const of = undertaking()
  await dieHolding(of)
  const { documents } = account.cloud
  const old: Documents = {
    read: async (...given) => {
      const found = await documents.read(...given)
      return found && { ...found, ageMs: 3_600_000 }
    },
    write: (...given) => documents.write(...given),
    remove: (...given) => documents.remove(...given),
  }
  const waitedMs = await waitedFor(of, 0, old)
  expect(waitedMs).toBeGreaterThanOrEqual(LOCK_TIMES.ttlMs)
  expect(waitedMs).toBeLessThan(60_000)
})

test.concurrent.each([
  ['a day ahead', { aheadMs: 86_400_000 }],
  ['a day behind', { aheadMs: -86_400_000 }],
  ['an hour further at every look', { jumpMs: 3_600_000 }],
])('a living holder keeps the lock from one whose clock is %s', async (_, skew) => {
  const of = undertaking()
  const stop = new AbortController()
  const isInside = signal()
  const clock = new HurriedClock(10)
  const holder = withLock(account.tools({ clock }), of, async (lease, tools) => {
    isInside.fulfil()
    await clock.sleep(10_000_000, AbortSignal.any([tools.signal, stop.signal])).catch(() => undefined)
    return lease.signal.aborted
  })
  await isInside.given
  const waiting = { ...of, waitMs: 2 * LOCK_TIMES.ttlMs }
  const tools = account.tools({ clock: new HurriedClock(10, skew) })
  await expect(withLock(tools, waiting, async () => 'inside')).rejects.toMatchObject({
    code: 'LUC-LOCK-HELD',
  })
  stop.abort()
  expect(await holder).toBe(false)
})

test.concurrent(
  'a holder whose own clock jumps ahead or back goes on, because every sign of life proves the lock',
  async () => {
    const of = undertaking()
    const clock = new HurriedClock(20)
    await withLock(account.tools({ clock }), of, async (lease) => {
      for (const aheadMs of [7_200_000, -7_200_000]) {
        clock.aheadMs = aheadMs
        await clock.sleep(15_000)
        await lease.check(forever)
        expect(lease.signal.aborted).toBe(false)
      }
    })
  },
)

/** Tools whose S3 can be cut off, on a clock that is `factor` times as fast. */
function overUnreliableS3(factor: number) {
  const clock = new HurriedClock(factor)
  const { state, port } = unreliable(account.cloud.documents)
  const tools = account.tools({ clock })
  tools.cloud = { ...account.cloud, documents: port }
  return { clock, state, tools }
}

test.concurrent(
  'an outage of S3 loses nothing while nobody takes the lock, however long it is; a change in the middle of a long one is refused',
  async () => {
    const of = undertaking()
    const { clock, state, tools } = overUnreliableS3(20)
    await expect(
      withLock(tools, of, async (lease, { signal }) => {
        for (const ms of [12_000, 40_000]) {
          state.cut = 'before'
          await clock.sleep(ms, signal)
          if (ms < LOCK_TIMES.ttlMs) await lease.check(signal)
          state.cut = 'no'
          await clock.sleep(12_000, signal)
          await lease.check(signal)
        }
        state.cut = 'before'
        await clock.sleep(40_000, signal)
        await lease.check(signal)
      }),
    ).rejects.toMatchObject({
      code: 'LUC-LOCK-LOST',
      exitCode: 9,
      why: expect.stringContaining('could not be reached'),
      hints: expect.arrayContaining([
        'lucree deploy   # once AWS is reached again: it carries on',
      ]) as string[],
    })
    const warnings = tools.said.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
    expect(warnings).toEqual(
      [
        ...[/it is tried again$/, /it is tried again$/, /for 30 s .*another command may take it/],
        ...[/it is tried again$/, /for 30 s .*another command may take it/],
      ].map((sentence) => expect.stringMatching(sentence) as string),
    )
    expect(tools.said).toContainEqual({ kind: 'note', message: 'The lock was renewed: nobody took it' })
  },
)

test.concurrent(
  'who takes the lock in a long outage has it: the other ends once S3 is reached again',
  async () => {
    const of = undertaking()
    const { clock, state, tools } = overUnreliableS3(10)
    const other = { ...of, origin: originOf('desktop'), waitMs: 2 * LOCK_TIMES.ttlMs }
    let second: Promise<string> | undefined
    await expect(
      withLock(tools, of, async (_, { signal }) => {
        state.cut = 'before'
        second = withLock(account.tools({ clock: new HurriedClock(10) }), other, async () => 'in')
        expect(await second).toBe('in')
        state.cut = 'no'
        await clock.sleep(100_000, signal)
      }),
    ).rejects.toMatchObject({ code: 'LUC-LOCK-LOST', exitCode: 9 })
  },
)

test('a lease of a process that is known to have ended is taken over at once, a manual lock of one is not', async () => {
  const first = undertaking()
  await dieHolding(first)
  const hasEnded = ({ host }: { host: string }) => host === first.origin.host
  const second = { ...first, origin: originOf('desktop') }
  const busy = withLock(account.tools(), second, async () => 'in')
  await expect(busy).rejects.toBeInstanceOf(LockHeld)
  expect(await withLock({ ...account.tools(), hasEnded }, second, async () => 'in')).toBe('in')

  const { lock, author } = await lockPlace({ ...account.tools(), hasEnded }, first.target, first.origin)
  await lockByHand(lock, { author, message: undefined, waitMs: 0 }, account.tools())
  const again = withLock({ ...account.tools(), hasEnded }, second, async () => 'in')
  await expect(again).rejects.toBeInstanceOf(LockHeld)
})

test('an answer that was lost after the write was done isn’t taken for somebody else’s write', async () => {
  const of = undertaking()
  const { state, port } = unreliable(account.cloud.documents)
  const tools = account.tools()
  tools.cloud = { ...account.cloud, documents: port }
  await withLock(tools, of, async (lease) => {
    state.cut = 'after'
    await lease.check(forever)
    state.cut = 'no'
    await lease.check(forever)
    expect(lease.signal.aborted).toBe(false)
  })
  expect((await seenLock(of))?.document?.holder).toBeNull()
})

test('the lock is taken although S3 first fails in passing, and although the answer to the write that took it was lost', async () => {
  const of = undertaking()
  const { state, port } = unreliable(account.cloud.documents)
  const clock: Clock = {
    ...systemClock,
    // Each pause lets the connection get one step better.
    sleep: async (_ms, interrupt) => {
      state.cut = state.cut === 'before' ? 'writes' : 'no'
      await systemClock.sleep(10, interrupt)
    },
  }
  state.cut = 'before'
  const tools = account.tools({ clock })
  const { lock, author } = await lockPlace(tools, of.target, of.origin)
  const claim = { ...of, author, kind: 'lease', message: undefined, times: LOCK_TIMES } as const
  const { document } = await acquireLock({ ...lock, documents: port }, claim, tools)
  expect(document.fence).toBe(1)
  expect((await seenLock(of))?.document?.holder?.id).toBe(document.holder.id)
})

test('a lease that somebody takes away ends the command, which says who did it, and is left to its new owner', async () => {
  const of = undertaking()
  const tools = account.tools()
  const run = withLock(tools, of, async (lease, { signal }) => {
    const { lock, author } = await lockPlace(tools, of.target, originOf('admin-desk'))
    const seen = await seenLock(of)
    if (!seen) throw new Error('it is locked')
    expect(looksAlive(seen, undefined)).toBe(true)
    expect(await unlock(lock, { seen, author, force: true }, forever)).toBe(true)
    await lockByHand(lock, { author, message: 'hands off', waitMs: 0 }, tools)
    await lease.check(signal)
  })
  await expect(run).rejects.toBeInstanceOf(LockLost)
  await expect(run).rejects.toMatchObject({ why: expect.stringContaining('lucree lock of arn:aws') })
  expect((await seenLock(of))?.document?.holder).toMatchObject({ kind: 'manual', host: 'admin-desk' })
})

test('a manual lock outlives any silence and isn’t waited for', async () => {
  const of = undertaking()
  const tools = account.tools()
  const { lock, author } = await lockPlace(tools, of.target, of.origin)
  await lockByHand(lock, { author, message: 'release freeze', waitMs: 0 }, tools)
  const refused = withLock(account.tools(), { ...of, waitMs: 600_000 }, async () => 'inside')
  await expect(refused).rejects.toMatchObject({
    code: 'LUC-LOCK-MANUAL',
    exitCode: 9,
    why: expect.stringContaining('release freeze'),
    hints: [expect.stringContaining('lucree unlock')],
  })
})

test('what isn’t a lock is refused by name and can be replaced', async () => {
  const of = undertaking()
  const tools = account.tools()
  const { lock, author } = await lockPlace(tools, of.target, of.origin)
  const { bucket, application, environment } = lock.place
  const key = `lucree/${application}/environments/${environment}/lock.json`
  await lock.documents.write({ bucket, key, body: '{"schema": 2, "fence": 7}', replaces: undefined })
  await expect(withLock(tools, of, async () => 'inside')).rejects.toMatchObject({
    code: 'LUC-LOCK-UNREADABLE',
    why: 'a newer lucree wrote it',
  })
  const seen = await seenLock(of)
  expect(seen && (await unlock(lock, { seen, author, force: true }, forever))).toBe(true)
  await withLock(tools, of, async (lease) => expect(lease.fence).toBe(8))
})

test('a lock that may not be written says which rights it needs', async () => {
  const of = undertaking()
  const tools = account.tools()
  const foreign = 'elasticbeanstalk-us-east-1-000000000000'
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3')
  const { url: endpoint, region, credentials } = account.emulator
  const s3 = new S3Client({ endpoint, region, credentials: { ...credentials }, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: foreign }))
  const { lock, author } = await lockPlace(tools, of.target, of.origin)
  const elsewhere = { ...lock, place: { ...lock.place, bucket: foreign } }
  const claim = { ...of, author, kind: 'lease', message: undefined, times: LOCK_TIMES } as const
  const refused = acquireLock(elsewhere, claim, tools)
  await expect(refused).rejects.toBeInstanceOf(PermissionError)
  await expect(refused).rejects.toMatchObject({
    code: 'LUC-LOCK-DENIED',
    exitCode: 3,
    hints: [expect.stringContaining('s3:PutObject'), expect.any(String)],
  })
})
