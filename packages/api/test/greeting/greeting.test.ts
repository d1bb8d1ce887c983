import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, TOKEN, withToken, type Answer, type Ask } from '../support/api.ts'

const HTML = 'text/html; charset=utf-8'

describe('what the challenge’s application answers', () => {
  let app: NestFastifyApplication
  let ask: (path: string, options?: Ask) => Promise<Answer>
  beforeAll(async () => ({ app, ask } = await startApi({ LUCREE_PASSWD_PREVIOUS: 'antigo' })))
  afterAll(() => app.close())

  it.each([`Token ${TOKEN}`, `token ${TOKEN}`, `TOKEN   ${TOKEN}`, 'Token antigo'])(
    'is the greeting to %j',
    async (authorization) => {
      const answer = await ask('/?depois=1', { headers: { authorization } })
      expect(answer).toMatchObject({ status: 200, body: 'devops test server flying!!' })
      expect(answer.headers).toMatchObject({ 'content-type': HTML, 'content-length': '27' })
    },
  )

  it.each([
    undefined,
    'Token',
    'Token ',
    `Bearer ${TOKEN}`,
    TOKEN,
    `Token ${TOKEN}!`,
    `Token ${TOKEN.slice(0, -1)}`,
    'Basic YTpi',
  ])('is 401 to %j', async (authorization) => {
    const answer = await ask('/', authorization === undefined ? {} : { headers: { authorization } })
    expect(answer).toMatchObject({ status: 401, body: 'Unauthorized Access' })
    expect(answer.headers).toMatchObject({
      'content-type': HTML,
      'www-authenticate': 'Token realm="Authentication Required"',
    })
  })

  it('is to HEAD what it is to GET, without the body', async () => {
    const right = await ask('/', { ...withToken(TOKEN), method: 'HEAD' })
    expect(right).toMatchObject({ status: 200, body: '' })
    expect(right.headers).toMatchObject({ 'content-type': HTML, 'content-length': '27' })
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 401, body: '' })
  })

  it('is the list of methods to OPTIONS, to anyone', async () => {
    const answer = await ask('/', { method: 'OPTIONS' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'REPORT'])(
    'is 405 to %s, to anyone',
    async (method) => {
      const answer = await ask('/', { method })
      expect(answer.status).toBe(405)
      expect(answer.headers).toMatchObject({ allow: 'GET, HEAD, OPTIONS', 'content-type': HTML })
      expect(answer.body).toContain('<title>405 Method Not Allowed</title>')
    },
  )

  it.each(['application/json', 'application/xml', 'multipart/form-data', 'nonsense'])(
    'is 405 to a POST whatever its body claims to be, as %s',
    async (type) =>
      expect(await ask('/', { method: 'POST', headers: { 'content-type': type }, body: '{' })).toMatchObject({
        status: 405,
      }),
  )

  it.each(['//', '///', '/%2f', '/%2F', '//%2f/', '//?depois=//', `${'/'.repeat(4_000)}`])(
    'is the same for %s as for /, and so is the health report behind as many slashes',
    async (path) => {
      expect(await ask(path, withToken(TOKEN))).toMatchObject({
        status: 200,
        body: 'devops test server flying!!',
      })
      expect((await ask(path)).status).toBe(401)
      expect((await ask(path, { method: 'POST' })).headers.allow).toBe('GET, HEAD, OPTIONS')
      expect((await ask(path.replace(/(?=\?|$)/, 'health'))).status).toBe(200)
    },
  )

  it.each([
    '/nada',
    '/index.html',
    '//nada',
    '/%2fnada',
    '/%2',
    '/%2g',
    '/%',
    '/%zz',
    '/health/',
    '/Health',
    '/nada?token=x',
  ])('is 404 to %s, to anyone and by any method', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
      const answer = await ask(path, { method })
      expect(answer.status).toBe(404)
      expect(answer.headers).toMatchObject({ 'content-type': HTML })
      expect(answer.body).toContain('<title>404 Not Found</title>')
    }
  })

  it('comes with headers that keep a browser from making more of it than a text', async () => {
    for (const answer of [
      await ask('/', withToken(TOKEN)),
      await ask('/'),
      await ask('/nada'),
      await ask('/health'),
    ]) {
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      })
      expect(answer.headers).not.toHaveProperty('x-powered-by')
      expect(answer.headers).not.toHaveProperty('server')
    }
  })

  it('is given for a token of any characters that a header can carry', async () => {
    for (const token of ['a,b=c "d" $e \\ ü', 'a=b', '=', 'tôken→✓', "'; DROP TABLE --", 'x'.repeat(4_000)]) {
      const other = await startApi({ LUCREE_PASSWD: token })
      expect((await other.ask('/', withToken(token))).status).toBe(200)
      expect((await other.ask('/', withToken(`${token}.`))).status).toBe(401)
      await other.app.close()
    }
  })
})
