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
  /** What somebody has set the clock back by, ms. */
  setBackMs = 0
  now() {
    return this.#now - this.setBackMs
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
let othersAt: (ms: number) => Partial<InstanceDescription>[]
let environmentAt: (ms: number) => Partial<EnvironmentDescription>
let looks: number
beforeEach(async () => {
  clock = new LeapingClock()
  began = clock.now()
  looks = 0
  answerAt = () => 200
  instanceAt = () => ({})
  othersAt = () => []
  environmentAt = () => ({})
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
          ...environmentAt(clock.now() - began),
        } as EnvironmentDescription,
      ]),
    describeInstances: async () => {
      looks += 1
      const instance = { id: 'i-1', version: 'v2', deploymentId: 2, deploymentStatus: 'deployed' }
      const ms = clock.now() - began
      return [{ ...instance, ...instanceAt(ms) }, ...othersAt(ms)] as InstanceDescription[]
    },
  }) as unknown as Beanstalk

async function proof(
  patience: Partial<Patience> = {},
  intervalMs = 250,
  { deadlineMs = 600_000, healthCheck = '/' } = {},
) {
  const signal = new AbortController().signal
  const expected = { application: 'shop', environment: 'shop', versionLabel: 'v2', healthCheck }
  const waiting = { clock, signal, intervalMs, deadline: began + deadlineMs, random: () => 0.5 }
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

test.each([502, 503, 429])(
  'a single answer %i is asked about once more, and the time begins anew',
  async (status) => {
    let asked = 0
    answerAt = () => {
      asked += 1
      return asked === 25 ? status : 200
    }
    const seen = await proof({}, 250, { healthCheck: '/health' })
    expect(seen).toMatchObject({ proven: true, missing: '', answer: { status: 200 } })
    expect(seen.tookMs).toBeGreaterThan(7_000)
  },
)

test('a server that ends every 2.5 s is found out although it is away for three tenths of a second only', async () => {
  answerAt = (ms) => (ms % 2_800 < 2_500 ? 200 : 502)
  const seen = await proof()
  expect(seen).toMatchObject({ proven: false, final: true, stopped: true })
  expect(seen.missing).toMatch(/answered 200 at first, and 502 after 2\.5 s$/)
})

test('a crash loop whose gaps are single errors is given up, and told as the application’s', async () => {
  let asked = 0
  answerAt = () => {
    asked += 1
    return asked % 5 === 0 ? 502 : 200
  }
  const seen = await proof()
  expect(seen).toMatchObject({ proven: false, stopped: true })
  expect(seen.missing).toMatch(/^http:\S+ never answered for 5 s without a break; at last it answered 502$/)
  expect(seen.tookMs).toBeLessThan(25_000)
})

test.each([
  { graceMs: 0, lost: 'none' as const },
  { graceMs: 0, lost: 502 },
])('without grace too the last request may meet $lost', async ({ graceMs, lost }) => {
  answerAt = (ms) => (ms === 5_000 ? lost : 200)
  const seen = await proof({ graceMs })
  expect(seen).toMatchObject({ proven: true, missing: '' })
  expect(seen.tookMs).toBeLessThanOrEqual(11_000)
})

test('an interruption that isn’t the application’s is told as what it is', async () => {
  environmentAt = (ms) => ({ status: ms % 3_000 < 2_000 ? 'Ready' : 'Updating' })
  const seen = await proof({ graceMs: 2_000 })
  expect(seen).toMatchObject({ proven: false, final: false, answer: { status: 200 } })
  expect(seen.stopped).toBeUndefined()
  expect(seen.missing).toBe(
    'it was never proven for 5 s without a break: the environment is Updating, not Ready',
  )
})

test('a last look that the service never answers is not the application’s either', async () => {
  instanceAt = (ms) => {
    if (ms < 5_000) return {}
    throw new CloudError('slow down', { code: 'X', awsCode: 'Throttling', transient: true })
  }
  const seen = await proof({ graceMs: 0 }, 250, { deadlineMs: 5_000 })
  expect(seen).toMatchObject({ proven: false, environment: { name: 'shop' } })
  expect(seen.stopped).toBeUndefined()
  expect(seen.missing).toBe('it was never proven for 5 s without a break: it could not be looked at')
})

test('an instance that joins within that time need not run the version yet, and must not fail', async () => {
  const joining = { id: 'i-2', version: undefined, deploymentStatus: undefined }
  othersAt = (ms) => (ms < 2_000 ? [] : [joining])
  expect(await proof()).toMatchObject({ proven: true, tookMs: 5_000 })
  began = clock.now()
  othersAt = (ms) => (ms < 2_000 ? [] : [{ ...joining, deploymentStatus: ms < 3_000 ? 'pending' : 'failed' }])
  expect(await proof()).toMatchObject({ proven: false, missing: 'the deployment failed on instance i-2' })
})

test('an instance that joins doesn’t keep an interrupted proof from beginning anew; one that replaces all others does', async () => {
  const joining = { id: 'i-2', version: undefined, deploymentStatus: undefined }
  answerAt = (ms) => (ms > 2_000 && ms <= 2_500 ? 'none' : 200)
  othersAt = (ms) => (ms < 2_000 ? [] : [joining])
  expect(await proof()).toMatchObject({ proven: true })
  began = clock.now()
  answerAt = () => 200
  othersAt = () => []
  instanceAt = (ms) => (ms < 2_000 ? {} : joining)
  expect(await proof()).toMatchObject({ proven: false, missing: 'instance i-2 runs no version' })
})

test('a clock that is set back an hour makes nothing wait for an hour', async () => {
  let sleptMs = 0
  const sleep = clock.sleep.bind(clock)
  clock.sleep = async (ms, signal) => {
    await sleep(ms, signal)
    sleptMs += ms
    if (sleptMs >= 2_000) clock.setBackMs = 3_600_000
  }
  expect(await proof()).toMatchObject({ proven: true })
  expect(sleptMs).toBe(5_000)
  sleptMs = 0
  clock.setBackMs = 0
  answerAt = () => 'none'
  expect(await proof()).toMatchObject({ proven: false })
  expect(sleptMs).toBeLessThanOrEqual(10_000)
})

test('it is counted from now at the latest, also when the clock was set back since the change was accepted', async () => {
  expect(await proof({ notBefore: began + 3_600_000 })).toMatchObject({ proven: true, tookMs: 5_000 })
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
