import { chmod } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { chooseRuntime, endOthers, type RuntimeChoice } from '../../src/runtime/choose.ts'
import { BadDockerHost, NoEngine } from '../../src/runtime/engine.ts'
import { bodyOf, eventually, filesIn, scratch } from './fixture.ts'

/** Answers as an engine does that has just been started. */
function engine(): Server {
  const server = createServer((req, res) => {
    res.setHeader('Api-Version', '1.44')
    if (req.url === '/_ping') res.end('OK')
    else if (req.url === '/v1.44/version') {
      res.end(
        JSON.stringify({ Version: '4.3.1', ApiVersion: '1.44', Components: [{ Name: 'Podman Engine' }] }),
      )
    } else res.writeHead(404).end('{"message":"page not found"}')
  })
  onTestFinished(() => void server.close())
  return server
}

async function choose(choice: Partial<RuntimeChoice>, lines: string[] = []) {
  const dir = await scratch()
  const systemSockets = { docker: [], podman: [] }
  const log = (line: string) => void lines.push(line)
  return chooseRuntime({ want: 'auto', dir, clock: systemClock, log, systemSockets, ...choice })
}

test('an engine on the socket of a rootless installation is taken', async () => {
  const runtimeDir = await scratch()
  const server = engine()
  await new Promise<void>((resolve) => server.listen(join(runtimeDir, 'docker.sock'), resolve))
  const runtime = await choose({ runtimeDir })
  expect(runtime.name).toBe('docker')
  expect(await runtime.describe()).toBe(
    `Podman 4.3.1 (API 1.44) at ${join(runtimeDir, 'docker.sock')}: Podman 4.3.1 has no BuildKit, and AWS builds with BuildKit: there the image can come out differently. Here every step runs again at each deploy.`,
  )
})

test('DOCKER_HOST on loopback is the only one asked', async () => {
  const server = engine()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dockerHost = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect((await choose({ dockerHost })).name).toBe('docker')
})

test('without an engine processes are taken, at once, and it is said', async () => {
  const lines: string[] = []
  const runtimeDir = await scratch()
  const began = performance.now()
  const runtime = await choose({ runtimeDir }, lines)
  expect(performance.now() - began).toBeLessThan(300)
  expect(runtime.name).toBe('process')
  expect(lines).toEqual(['no container engine answers: bundles run as processes of this machine'])
})

test('a socket that accepts and never answers is not waited for', async () => {
  const runtimeDir = await scratch()
  const server = createSocketServer().listen(join(runtimeDir, 'docker.sock'))
  onTestFinished(() => void server.close())
  const began = performance.now()
  expect((await choose({ runtimeDir })).name).toBe('process')
  expect(performance.now() - began).toBeLessThan(1_000)
})

test('what is no engine, or may not be asked, is none', async () => {
  const runtimeDir = await filesIn({ 'docker.sock': 'not a socket' })
  await chmod(join(runtimeDir, 'docker.sock'), 0)
  expect((await choose({ runtimeDir })).name).toBe('process')
})

test('docker that is asked for and does not answer is an error that names the sockets', async () => {
  const runtimeDir = await scratch()
  const failure = await choose({ want: 'docker', runtimeDir }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(NoEngine)
  expect(String(failure)).toContain(
    `no container engine answers. Asked: ${join(runtimeDir, 'docker.sock')}, ${join(runtimeDir, 'podman/podman.sock')}.`,
  )
})

test('a DOCKER_HOST where nobody answers is an error in one sentence, whatever is asked for but processes', async () => {
  const dockerHost = `unix://${join(await scratch(), 'docker.sock')}`
  for (const want of ['auto', 'docker'] as const) {
    const failure = await choose({ want, dockerHost }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(BadDockerHost)
    expect((failure as Error).message).toBe(
      `DOCKER_HOST is "${dockerHost}", but no container engine answers there.`,
    )
  }
  expect((await choose({ want: 'process', dockerHost })).name).toBe('process')
})

test('an engine on another machine is refused: the bundle would be sent there', async () => {
  for (const dockerHost of [
    'tcp://10.0.0.1:2375',
    'ssh://me@host',
    'npipe:////./pipe/docker',
    'docker.sock',
  ]) {
    const failure = await choose({ dockerHost }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(BadDockerHost)
    expect((failure as Error).message).toMatch(
      /^DOCKER_HOST is ".*", but only an engine of this machine can be used: unix:\/\/\/path/,
    )
  }
})

test('processes that are asked for are taken though an engine answers', async () => {
  const socket = join(await scratch(), 'docker.sock')
  const server = engine()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  expect((await choose({ want: 'process', dockerHost: `unix://${socket}` })).name).toBe('process')
})

test('after a kill, auto stays with processes although an engine answers by now', async () => {
  const lines: string[] = []
  const socket = join(await scratch(), 'docker.sock')
  const server = engine()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const dockerHost = `unix://${socket}`
  expect((await choose({ before: 'process', dockerHost }, lines)).name).toBe('process')
  expect(lines).toEqual(['bundles run as processes of this machine, as they did when the server was killed'])
  expect((await choose({ before: 'process', want: 'docker', dockerHost })).name).toBe('docker')
})

test('what runs as a process is ended when an engine takes over', async () => {
  const dir = await scratch()
  const choice: RuntimeChoice = { want: 'process', dir, clock: systemClock, log: () => undefined }
  const runtime = await chooseRuntime(choice)
  const signal = new AbortController().signal
  const sourceDir = await filesIn({
    Dockerfile: 'FROM node:22\nCOPY server.js .\nCMD ["node", "server.js"]\n',
    'server.js': "require('http').createServer((_, res) => res.end('old')).listen(8080)",
  })
  const image = await runtime.build({ sourceDir, name: 'app', log: () => undefined, signal })
  const outputFile = join(dir, 'output.log')
  const started = await runtime.start({ image, name: 'app', port: 8080, env: {}, outputFile, signal })
  await eventually(() => bodyOf(started.hostPort))

  await endOthers('docker', choice)
  expect(await runtime.inspect(started)).toMatchObject({ running: false })
  expect(await bodyOf(started.hostPort)).toBeUndefined()
})

test('a DOCKER_HOST that no engine can have is no obstacle to processes', async () => {
  const dir = await filesIn({ 'docker/state': 'of an earlier server' })
  const lines: string[] = []
  const choice: RuntimeChoice = {
    ...{ want: 'process', dir, clock: systemClock, log: (line) => lines.push(line) },
    dockerHost: 'tcp://10.0.0.1:2375',
  }
  await endOthers((await chooseRuntime(choice)).name, choice)
  expect(lines).toEqual([expect.stringContaining('what ran with docker could not be ended: DOCKER_HOST is')])
})
