import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { startApi, TOKEN } from '../support/api.ts'

describe('GET /health', () => {
  let app: NestFastifyApplication
  afterEach(() => app.close())
  const health = async (env: Record<string, string> = {}) => {
    const api = await startApi(env)
    app = api.app
    return api.ask
  }

  it('says to anyone what runs, as JSON that nothing stores', async () => {
    const ask = await health({ LUCREE_VERSION: 'app-1a2b', LUCREE_RELEASE: '7' })
    const answer = await ask('/health')
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    expect(JSON.parse(answer.body)).toEqual({ status: 'ok', version: 'app-1a2b', release: '7' })
  })

  it('has nothing to say of a version and release that nobody named, nor ever of the token', async () => {
    const ask = await health()
    const answer = await ask('/health', { headers: { authorization: `Token ${TOKEN}` } })
    expect(JSON.parse(answer.body)).toEqual({ status: 'ok', version: null, release: null })
    expect(JSON.stringify(answer)).not.toContain(TOKEN)
  })

  it('is the only method there, besides HEAD and OPTIONS', async () => {
    const ask = await health()
    expect(await ask('/health', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    for (const [method, status] of [
      ['OPTIONS', 200],
      ['POST', 405],
      ['DELETE', 405],
    ] as const) {
      const answer = await ask('/health', { method })
      expect(answer.status).toBe(status)
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
    }
  })
})
