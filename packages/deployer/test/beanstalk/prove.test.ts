import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Beanstalk, EnvironmentDescription, InstanceDescription } from '../../src/beanstalk/ports.ts'
import { type Patience, prove } from '../../src/beanstalk/prove.ts'
import type { Clock } from '../../src/clock.ts'
import { CloudError } from '../../src/errors.ts'

/** Pauses take no time, they only move the clock on; the limit of a request, the longest sleep that there is, never comes. */
class LeapingClock implements Clock {
  #now = 1_000_000
  now() {
    return this.#now
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms >= 10_000)
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      )
    this.#now += ms
    return Promise.resolve()
  }
}

let server: Server
let clock: LeapingClock
let began: number
/** What the application does at a time since the proof began, ms: an HTTP status, or no answer at all. */
let answerAt: (ms: number) => number | 'none'
let instanceAt: (ms: number) => Partial<InstanceDescription>
let looks: number
beforeEach(async () => {
  clock = new LeapingClock()
  began = clock.now()
  looks = 0
  answerAt = () => 200
  instanceAt = () => ({})
  server = createServer((request, response) => {
    const answer = answerAt(clock.now() - began)
    if (answer === 'none') request.socket.destroy()
    else response.writeHead(answer).end()
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
})
afterEach(() => server.close())

const beanstalk = (): Beanstalk =>
  ({
    describeEnvironments: () =>
      Promise.resolve([
        {
          name: 'shop',
          status: 'Ready',
          versionLabel: 'v2',
          cname: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        } as EnvironmentDescription,
      ]),
    describeInstances: async () => {
      looks += 1
      const instance = { id: 'i-1', version: 'v2', deploymentId: 2, deploymentStatus: 'deployed' }
      return [{ ...instance, ...instanceAt(clock.now() - began) } as InstanceDescription]
    },
  }) as unknown as Beanstalk

async function proof(patience: Partial<Patience> = {}, intervalMs = 250) {
  const signal = new AbortController().signal
  const expected = { application: 'shop', environment: 'shop', versionLabel: 'v2', healthCheck: '/' }
  const waiting = { clock, signal, intervalMs, deadline: began + 600_000, random: () => 0.5 }
  const seen = await prove(beanstalk(), expected, waiting, { graceMs: 10_000, steadyMs: 5_000, ...patience })
  return { ...seen, tookMs: clock.now() - began }
}

test('what goes on answering is proven when it has done so for as long as it must', async () => {
  expect(await proof()).toMatchObject({ proven: true, missing: '', tookMs: 5_000 })
})

test('what stops answering within that time is not proven, and both answers are told', async () => {
  answerAt = (ms) => (ms < 2_500 ? 200 : 502)
  const seen = await proof()
  expect(seen).toMatchObject({ proven: false, final: true, answer: { status: 502 } })
  expect(seen.missing).toMatch(/^http:\S+ answered 200 at first, and 502 after 2\.5 s$/)
  expect(seen.tookMs).toBeLessThan(3_100)
})

test('an instance whose deployment fails within that time is not what was proven', async () => {
  instanceAt = (ms) => (ms < 2_000 ? {} : { deploymentStatus: 'failed' })
  expect(await proof()).toMatchObject({ proven: false, missing: 'the deployment failed on instance i-1' })
})

test('the time since the deployment on the instances counts: when it is over, a fifth of it is watched', async () => {
  instanceAt = () => ({ deployedAgoMs: 60_000 })
  expect(await proof()).toMatchObject({ proven: true, tookMs: 1_000 })
  instanceAt = (ms) => ({ deployedAgoMs: 3_000 + ms })
  expect(await proof()).toMatchObject({ proven: true, tookMs: 2_000 })
})

test('it is counted from when the change was accepted at the earliest, whatever a clock that is an hour off says', async () => {
  instanceAt = () => ({ deployedAgoMs: 3_600_000 })
  expect(await proof({ notBefore: began - 1_000 })).toMatchObject({ proven: true, tookMs: 4_000 })
  began = clock.now()
  instanceAt = () => ({ deployedAgoMs: -3_600_000 })
  expect(await proof({ notBefore: began - 1_000 })).toMatchObject({ proven: true, tookMs: 5_000 })
})

test('the youngest deployment of all instances counts, and one that tells no time counts as just made', async () => {
  instanceAt = () => ({ deployedAgoMs: undefined })
  expect(await proof()).toMatchObject({ proven: true, tookMs: 5_000 })
})

test('what answered badly before counts from its first good answer, however long ago it was deployed', async () => {
  answerAt = (ms) => (ms < 2_000 ? 502 : 200)
  instanceAt = () => ({ deployedAgoMs: 60_000 })
  const seen = await proof()
  expect(seen.proven).toBe(true)
  expect(seen.tookMs).toBeGreaterThanOrEqual(6_500)
})

test('one request that gets no answer at all may be the network’s: the time begins anew', async () => {
  answerAt = (ms) => (ms > 2_000 && ms <= 2_500 ? 'none' : 200)
  const seen = await proof()
  expect(seen.proven).toBe(true)
  expect(seen.tookMs).toBeGreaterThan(7_000)
})

test('what never answers without a break for so long is given up', async () => {
  answerAt = (ms) => (ms % 3_000 < 2_000 ? 200 : 'none')
  const seen = await proof()
  expect(seen.proven).toBe(false)
  expect(seen.missing).toMatch(/does not answer|without a break/)
  expect(seen.tookMs).toBeLessThan(25_000)
})

test('a look that the service refuses in the middle is no bad answer', async () => {
  let calls = 0
  instanceAt = () => {
    calls += 1
    if (calls === 3) throw new CloudError('slow down', { code: 'X', awsCode: 'Throttling', transient: true })
    return {}
  }
  expect(await proof()).toMatchObject({ proven: true, tookMs: 5_000 })
})

test('the service is asked no more often than anywhere else, the application ten times', async () => {
  let asked = 0
  answerAt = () => {
    asked += 1
    return 200
  }
  await proof({}, 5_000)
  expect(looks).toBeLessThanOrEqual(3)
  expect(asked).toBeGreaterThanOrEqual(10)
})

test('with 0 s the first good look is enough, and what is waited for is told only when something is waited', async () => {
  const told: number[] = []
  const onHold = (leftMs: number) => void told.push(leftMs)
  expect(await proof({ steadyMs: 0, onHold })).toMatchObject({ proven: true, tookMs: 0 })
  expect(told).toEqual([])
  await proof({ onHold })
  expect(told[0]).toBe(5_000)
})
