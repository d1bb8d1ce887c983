import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { describeProbe, Tally, whileProbing } from '../../src/deploy/probe.ts'

let server: Server | undefined
afterEach(() => server?.close())

async function application(statusOf: (request: number) => number): Promise<string> {
  let requests = 0
  server = createServer((_, response) => {
    requests += 1
    response.writeHead(statusOf(requests)).end()
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server?.once('listening', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const around = { clock: systemClock, signal: new AbortController().signal }

test('while a change runs the application is asked over and over, and every good answer counts', async () => {
  const url = await application(() => 200)
  const probe = await whileProbing({ url, healthCheck: '/health', everyMs: 5 }, around, async (soFar) => {
    await systemClock.sleep(250)
    return soFar()
  })
  expect(probe?.requests).toBeGreaterThan(5)
  expect(probe?.failed).toBe(0)
  // As measured: from one good answer to the next there is at least the probe's pause.
  expect(probe?.longestGapMs).toBeGreaterThanOrEqual(5)
  expect(probe?.longestGapMs).toBeLessThan(250)
  expect(describeProbe({ requests: 10, failed: 0, longestGapMs: 12 })).toBe(
    '0 of 10 requests failed, longest gap 12 ms',
  )
})

test('errors and connections that are refused are failures, and the gap lasts until the next good answer', async () => {
  const url = await application((request) => (request > 3 && request < 7 ? 502 : 200))
  const probe = await whileProbing({ url, healthCheck: '/health', everyMs: 20 }, around, async (soFar) => {
    for (let turn = 0; turn < 200 && (soFar()?.requests ?? 0) < 10; turn += 1) await systemClock.sleep(10)
    return soFar()
  })
  expect(probe).toMatchObject({ failed: 3 })
  expect(probe?.longestGapMs).toBeGreaterThanOrEqual(60)
  expect(describeProbe({ requests: 10, failed: 3, longestGapMs: 80 })).toBe(
    '3 of 10 requests failed, longest gap 80 ms',
  )
})

test('where nothing serves yet, nothing is measured', async () => {
  await expect(whileProbing(undefined, around, async (soFar) => soFar())).resolves.toBeUndefined()
})

test('what the change throws is thrown, and the probe ends with it', async () => {
  const url = await application(() => 200)
  const broken = whileProbing({ url, healthCheck: '/', everyMs: 5 }, around, async () => {
    await systemClock.sleep(20)
    throw new Error('the change broke')
  })
  await expect(broken).rejects.toThrow('the change broke')
})

test('a gap is never longer than the whole measurement nor shorter than the longest pause, and is that when nothing failed', () => {
  const answers = fc.array(fc.record({ good: fc.boolean(), pause: fc.integer({ min: 1, max: 1000 }) }), {
    minLength: 1,
  })
  fc.assert(
    fc.property(answers, (all) => {
      const tally = new Tally()
      let at = 0
      tally.add(true, at)
      for (const { good, pause } of all) tally.add(good, (at += pause))
      const { requests, failed, longestGapMs } = tally.probe
      expect(requests).toBe(all.length + 1)
      expect(failed).toBe(all.filter(({ good }) => !good).length)
      expect(longestGapMs).toBeLessThanOrEqual(at)
      const pause = Math.max(...all.map((answer) => answer.pause))
      expect(longestGapMs).toBeGreaterThanOrEqual(pause)
      if (failed === 0) expect(longestGapMs).toBe(pause)
    }),
  )
})
