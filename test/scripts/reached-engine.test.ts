import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { reachedEngine } from '../../scripts/reached-engine.mjs'

let room: string
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'lucree-reached-'))
  mkdirSync(join(room, 'bin'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(room, { recursive: true, force: true })
})

/** A command of the PATH, which has no other. */
function command(name: string, script: string): void {
  const path = join(room, 'bin', name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

/** An engine's API on a socket: alive, with or without the image that tests build on, which it can't fetch. */
async function engine({ image }: { image: boolean }): Promise<string> {
  const socket = join(room, 'engine.sock')
  const server = createServer((asked, answer) => {
    const there = asked.url === '/_ping' || (image && /^\/images\/[^/]+\/json$/.test(asked.url ?? ''))
    answer.statusCode = there ? 200 : 404
    answer.end('{"message":"no such host"}')
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => void server.close())
  return `unix://${socket}`
}

const look = (host: string) => {
  vi.stubEnv('PATH', join(room, 'bin'))
  vi.stubEnv('DOCKER_HOST', host)
  return reachedEngine()
}

test('a podman that answers for its version, without any service, is no engine', async () => {
  command('podman', 'echo podman version 4.3.1')
  expect(await look(`unix://${room}/nobody.sock`)).toBeUndefined()
})

test('a docker client without a daemon is no engine', async () => {
  command('docker', 'echo Cannot connect to the Docker daemon >&2; exit 1')
  expect(await look(`unix://${room}/nobody.sock`)).toBeUndefined()
})

test('an engine that answers, with the image and a client, is one, and tests get the way to it', async () => {
  const host = await engine({ image: true })
  command('docker', 'exit 1')
  command('podman', '[ "$CONTAINER_HOST" = "$DOCKER_HOST" ] && [ -S "${CONTAINER_HOST#unix://}" ]')
  expect(await look(host)).toEqual({
    DOCKER_HOST: host,
    CONTAINER_HOST: host,
    LUCREE_ENGINE_CLIENT: 'podman',
  })
})

test('an engine that has not the image and can’t fetch it is of no use to the tests', async () => {
  command('docker', 'exit 0')
  expect(await look(await engine({ image: false }))).toBeUndefined()
})

test('an engine that no client reaches is of no use to the tests', async () => {
  expect(await look(await engine({ image: true }))).toBeUndefined()
})

test.each(['ssh://me@elsewhere', 'npipe:////./pipe/docker_engine', 'docker.sock'])(
  'a DOCKER_HOST that lucree takes for none, %s, is none for the tests',
  async (host) => {
    command('docker', 'exit 0')
    expect(await look(host)).toBeUndefined()
  },
)
