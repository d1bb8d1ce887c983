import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lookUntil, pauseMs } from '../../src/beanstalk/poll.ts'
import { CloudError, Interrupted } from '../../src/errors.ts'
import { ManualClock } from '../manual-clock.ts'

const throttled = () =>
  new CloudError('DescribeEnvironments was refused', {
    code: 'LUC-AWS-Throttling',
    awsCode: 'Throttling',
    transient: true,
  })

function waiting(clock: ManualClock, ms: number) {
  return {
    clock,
    signal: new AbortController().signal,
    intervalMs: 5_000,
    deadline: clock.now() + ms,
    random: () => 0.5,
  }
}

test('forty minutes of waiting end at the deadline, without waiting forty minutes', async () => {
  const clock = new ManualClock()
  let looks = 0
  const seen = await lookUntil(waiting(clock, 40 * 60_000), () => Promise.resolve(void (looks += 1)))
  expect(seen).toBeUndefined()
  expect(clock.now()).toBe(40 * 60_000)
  expect(looks).toBe(481)
})

test('a look that is throttled is repeated with growing pauses and never fails the wait', async () => {
  const clock = new ManualClock()
  let looks = 0
  const seen = await lookUntil(waiting(clock, 3_600_000), () => {
    looks += 1
    return looks < 6 ? Promise.reject(throttled()) : Promise.resolve('Ready')
  })
  expect(seen).toBe('Ready')
  expect(clock.slept).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
})

test('a refusal that asking again would not change is thrown at once', async () => {
  const refused = new CloudError('no', { code: 'LUC-AWS-X', awsCode: 'X', transient: false })
  await expect(lookUntil(waiting(new ManualClock(), 1e6), () => Promise.reject(refused))).rejects.toBe(
    refused,
  )
})

test('Ctrl-C ends a wait with its own reason', async () => {
  const stop = new AbortController()
  const interrupted = new Interrupted()
  const look = () => {
    stop.abort(interrupted)
    return Promise.resolve(undefined)
  }
  await expect(lookUntil({ ...waiting(new ManualClock(), 1e6), signal: stop.signal }, look)).rejects.toBe(
    interrupted,
  )
})

test('pauses are jittered by at most a fifth and never beyond a minute and that fifth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60_000 }),
      fc.nat(1000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (intervalMs, failures, chance) => {
        const ms = pauseMs({ intervalMs, random: () => chance }, failures)
        expect(ms).toBeGreaterThanOrEqual(Math.floor(intervalMs * 0.8))
        expect(ms).toBeLessThanOrEqual(72_000)
      },
    ),
  )
})
