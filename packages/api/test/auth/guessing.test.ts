import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADDRESSES, GUESSES, WINDOW_MS } from '../../src/auth/guess-limiter.ts'
import { startApi, TOKEN, withToken, type Answer, type Ask } from '../support/api.ts'

describe('guessing the token', () => {
  let app: NestFastifyApplication
  let ask: (path: string, options?: Ask) => Promise<Answer>
  const started = async (env: Record<string, string> = {}) => ({ app, ask } = await startApi(env))
  const guess = (forwardedFor?: string) =>
    ask('/', {
      headers: {
        authorization: 'Token errado',
        ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
      },
    })
  const guessUntilSlowed = async (forwardedFor: (nth: number) => string | undefined = () => undefined) => {
    for (let nth = 0; nth < GUESSES; nth += 1) expect((await guess(forwardedFor(nth))).status).toBe(401)
    return guess(forwardedFor(GUESSES))
  }

  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(async () => {
    vi.useRealTimers()
    await app.close()
  })

  it('is answered 429 with Retry-After once an address has had its share, and 401 again after that time', async () => {
    await started()
    const slowed = await guessUntilSlowed()
    expect(slowed).toMatchObject({ status: 429, body: 'Too Many Requests' })
    const seconds = Number(slowed.headers['retry-after'])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(WINDOW_MS / 1000)
    vi.setSystemTime(Date.now() + (seconds - 1) * 1000)
    expect((await guess()).status).toBe(429)
    vi.setSystemTime(Date.now() + 1000)
    expect((await guess()).status).toBe(401)
  })

  it('never slows the right token, nor the previous one, from the same address', async () => {
    await started({ LUCREE_PASSWD_PREVIOUS: 'antigo' })
    await guessUntilSlowed()
    for (const token of [TOKEN, 'antigo']) expect((await ask('/', withToken(token))).status).toBe(200)
    expect((await guess()).status).toBe(429)
  })

  it('is what a wrong token does, and a request without one does not', async () => {
    await started()
    const harmless: Ask[] = [
      {},
      { headers: { authorization: 'Token' } },
      { headers: { authorization: 'Bearer errado' } },
    ]
    for (const request of harmless)
      for (let nth = 0; nth <= GUESSES; nth += 1) expect((await ask('/', request)).status).toBe(401)
    expect((await guess()).status).toBe(401)
  })

  it('leaves /health and what has no route alone', async () => {
    await started()
    await guessUntilSlowed()
    const wrong = withToken('errado')
    expect((await ask('/health', wrong)).status).toBe(200)
    expect((await ask('/nada', wrong)).status).toBe(404)
    expect((await ask('/', { ...wrong, method: 'POST' })).status).toBe(405)
  })

  it('can not hide behind an invented X-Forwarded-For when no proxy is there', async () => {
    await started()
    expect((await guessUntilSlowed((nth) => `203.0.113.${nth}`)).status).toBe(429)
  })

  it('can not hide behind what a caller wrote left of the entry that the proxy appended', async () => {
    await started({ LUCREE_PROXY_HOPS: '1' })
    expect((await guessUntilSlowed((nth) => `203.0.113.${nth}, 198.51.100.7`)).status).toBe(429)
    expect((await guess('198.51.100.8')).status).toBe(401)
  })

  it('can not hide behind a load balancer either', async () => {
    await started({ LUCREE_PROXY_HOPS: '2' })
    expect(
      (await guessUntilSlowed((nth) => `203.0.113.${nth}, 198.51.100.7, 10.0.3.${nth % 2}`)).status,
    ).toBe(429)
    expect((await guess('198.51.100.8, 10.0.3.1')).status).toBe(401)
  })

  it('can not hide behind text that is no address', async () => {
    await started({ LUCREE_PROXY_HOPS: '1' })
    expect((await guessUntilSlowed((nth) => `x${nth}`)).status).toBe(429)
  })

  it('counts a network of IPv6 as one address, for a caller has all of it', async () => {
    await started({ LUCREE_PROXY_HOPS: '1' })
    expect((await guessUntilSlowed((nth) => `2001:db8:1:2::${nth}`)).status).toBe(429)
    expect((await guess('2001:db8:1:3::1')).status).toBe(401)
  })

  it('is remembered for a bounded number of addresses, the latest', async () => {
    await started({ LUCREE_PROXY_HOPS: '1' })
    await guessUntilSlowed(() => '198.51.100.7')
    const inject = app.getHttpAdapter().getInstance()
    for (let nth = 0; nth < ADDRESSES; nth += 1)
      await inject.inject({
        url: '/',
        remoteAddress: '127.0.0.1',
        headers: {
          authorization: 'Token errado',
          'x-forwarded-for': `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`,
        },
      })
    expect((await guess('198.51.100.7')).status).toBe(401)
  })
})
