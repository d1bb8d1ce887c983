import { Controller, Get, Module } from '@nestjs/common'
import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Public } from '../../src/auth/public.decorator.ts'
import { startApi, TOKEN, withToken, type Answer, type Ask } from '../support/api.ts'

/** What a later author adds, thinking of the token only where it is to be left out. */
@Controller('later')
class LaterController {
  @Get()
  guarded(): string {
    return 'guarded'
  }

  @Public()
  @Get('open')
  open(): string {
    return 'open'
  }

  @Get('broken')
  broken(): never {
    throw new Error(`a fault that knows ${TOKEN}`)
  }
}

@Module({ controllers: [LaterController] })
class LaterModule {}

describe('a handler that is added later', () => {
  let app: NestFastifyApplication
  let ask: (path: string, options?: Ask) => Promise<Answer>
  beforeAll(async () => ({ app, ask } = await startApi({}, [LaterModule])))
  afterAll(() => app.close())

  it('is guarded without a word about it', async () => {
    expect((await ask('/later')).status).toBe(401)
    expect((await ask('/later', withToken(TOKEN))).status).toBe(200)
  })

  it('is open when it says so', async () => expect((await ask('/later/open')).body).toBe('open'))

  it('tells a caller nothing of its faults', async () => {
    const answer = await ask('/later/broken', withToken(TOKEN))
    expect(answer).toMatchObject({ status: 500, body: 'Internal Server Error' })
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
  })
})
