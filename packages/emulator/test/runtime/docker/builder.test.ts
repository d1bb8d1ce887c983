import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { extract } from 'tar-stream'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { Builder } from '../../../src/runtime/docker/builder.ts'
import { Engine } from '../../../src/runtime/engine.ts'
import { scratch } from '../fixture.ts'

/** An engine without BuildKit, which keeps the names of what it was sent; its first `deaf` connections end without an answer. */
async function engineWithoutBuildKit(deaf = 0): Promise<{ engine: Engine; sent: string[] }> {
  const sent: string[] = []
  let left = deaf
  const server = createServer((asked, answer) => {
    if (left-- > 0) return asked.socket.destroy()
    if (asked.url === '/_ping') return answer.setHeader('api-version', '1.41').end('OK')
    if (!asked.url?.startsWith('/v1.41/build')) return answer.writeHead(404).end('{"message":"no such page"}')
    const archive = extract()
    archive.on('entry', ({ name }, content, next) => {
      sent.push(name)
      content.resume().once('end', next)
    })
    archive.once('finish', () => answer.end('{"stream":"built"}\n'))
    return asked.pipe(archive)
  })
  const socketPath = join(await scratch(), 'engine.sock')
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => void server.close())
  return { engine: new Engine({ socketPath }, systemClock), sent }
}

test('an engine without BuildKit is sent each file of the context once, however deep it lies', async () => {
  const { engine, sent } = await engineWithoutBuildKit()
  const sourceDir = await scratch()
  await mkdir(join(sourceDir, 'a/b'), { recursive: true })
  for (const name of ['Dockerfile', 'a/b/c', 'a/left-out']) await writeFile(join(sourceDir, name), 'x')
  await writeFile(join(sourceDir, '.dockerignore'), 'a/left-out\n')
  const kind = async () => ({ name: 'Podman', apiVersion: '1.41', podman: true, differs: 'no BuildKit' })
  const builder = new Builder({ engine, kind, buildArgs: {}, buildNetwork: undefined })
  const signal = AbortSignal.timeout(20_000)
  await builder.build({ sourceDir, name: 'app', log: () => undefined, signal }, {})
  expect(sent.sort()).toEqual(['.dockerignore', 'Dockerfile', 'a', 'a/b', 'a/b/c'])
})

test('an engine that was away when its version was asked is asked again', async () => {
  const { engine } = await engineWithoutBuildKit(1)
  await expect(engine.call('GET', '/nothing')).rejects.toThrow(/hang up|ECONNRESET/)
  await expect(engine.call('GET', '/nothing')).rejects.toThrow('no such page')
})
