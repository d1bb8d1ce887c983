import { Agent, get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiProcess, buildApi } from '../support/process.ts'

const CONNECTIONS = 20
const ROUNDS = 6

describe('the end of the process', () => {
  let built: Awaited<ReturnType<typeof buildApi>>
  const started: ApiProcess[] = []
  const start = () => {
    const api = new ApiProcess(built.dir, { LUCREE_PASSWD: 'segredo' })
    started.push(api)
    return api
  }
  beforeAll(async () => {
    built = await buildApi()
  }, 40_000)
  afterAll(async () => {
    await Promise.all(started.map((api) => api.exit(0)))
    await built.remove()
  })

  it(
    `by SIGTERM fails no request on ${CONNECTIONS} connections that are kept busy, in ${ROUNDS} rounds`,
    { timeout: 120_000 },
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const api = start()
        const callers = await busyCallers(await api.port())
        api.signal('SIGTERM')
        const answers = await callers.answers
        expect(answers.map(({ last }) => last)).toEqual(Array(CONNECTIONS).fill('close'))
        expect(answers.flatMap(({ failed }) => failed)).toEqual([])
        expect(await api.exit()).toEqual({ code: 0, signal: null })
      }
    },
  )

  it('by SIGTERM answers what is asked on a connection that was idle, and says that it was the last answer', async () => {
    const api = start()
    const port = await api.port()
    const agent = new Agent({ keepAlive: true })
    expect((await ask(port, agent)).connection).toBe('keep-alive')
    api.signal('SIGTERM')
    await api.until(() => api.stdout.includes('"stopping"'), 'it stops')
    expect(await ask(port, agent)).toEqual({ status: 200, connection: 'close' })
    await expect(ask(port, agent)).rejects.toThrow('ECONNREFUSED')
    expect(await api.exit()).toEqual({ code: 0, signal: null })
    agent.destroy()
  })

  it('comes within its limit when nobody reads its log any more', async () => {
    const api = start()
    const port = await api.port()
    api.signal('SIGTERM')
    api.stopReading()
    // The signal arrives a moment later: until then it still serves.
    const answer = () =>
      ask(port, new Agent()).then(
        () => 'answered',
        (error: Error) => error.message,
      )
    await expect.poll(answer, { timeout: 10_000 }).toMatch(/ECONNREFUSED|ECONNRESET|socket hang up/)
    expect(await api.exit(12_000)).toEqual({ code: 0, signal: null })
  })

  it('doesn’t come when nobody reads its log while it serves', async () => {
    const api = start()
    const port = await api.port()
    api.stopReading()
    const agent = new Agent({ keepAlive: true })
    for (let asked = 0; asked < 20; asked++) expect((await ask(port, agent)).status).toBe(200)
    agent.destroy()
    api.signal('SIGTERM')
    expect(await api.exit()).toEqual({ code: 0, signal: null })
  })
})

interface Heard {
  status: number
  connection: string
}

function ask(port: number, agent: Agent): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path: '/health', agent, timeout: 10_000 }, (response) => {
      const heard = { status: response.statusCode ?? 0, connection: response.headers.connection ?? '' }
      response
        .resume()
        .on('error', reject)
        .on('end', () => resolve(heard))
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer within 10 s')))
    asked.on('error', reject)
  })
}

/** Each asks without a pause on a connection of its own until an answer says that it is the last one. Resolves when all have been answered once. */
async function busyCallers(
  port: number,
): Promise<{ answers: Promise<{ last: string; failed: string[] }[]> }> {
  const beginning: Promise<unknown>[] = []
  const callers = Array.from({ length: CONNECTIONS }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const failed: string[] = []
    const first = ask(port, agent)
    beginning.push(first)
    let { connection: last } = await first
    while (last !== 'close' && failed.length === 0) {
      const heard = await ask(port, agent).catch((error: Error) => error.message)
      if (typeof heard === 'string') failed.push(heard)
      else last = heard.connection
    }
    agent.destroy()
    return { last, failed }
  })
  await Promise.all(beginning)
  return { answers: Promise.all(callers) }
}
