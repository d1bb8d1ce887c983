import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { DockerRuntime } from '../../../src/runtime/docker.ts'
import { Engine } from '../../../src/runtime/engine.ts'
import { scratch } from '../fixture.ts'

test('a container that ends while it is asked what it listens on listens on nothing, and nothing fails', async () => {
  const dir = await scratch()
  const socketPath = join(dir, 'engine.sock')
  const server = createServer((asked, answer) => {
    if (asked.method === 'POST') {
      answer.writeHead(409).end('{"message":"Container abc is not running"}')
    } else if (asked.url === '/_ping') answer.end('OK')
    else {
      // Just then it still ran.
      const State = { Running: true, ExitCode: 0, OOMKilled: false, Pid: 0 }
      answer.end(JSON.stringify({ State, NetworkSettings: { Ports: {} } }))
    }
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  const runtime = new DockerRuntime({
    engine: new Engine({ socketPath }, systemClock),
    dir,
    clock: systemClock,
  })
  expect(await runtime.listening({ id: 'abc', host: '127.0.0.1', hostPort: 1 })).toEqual([])
})
