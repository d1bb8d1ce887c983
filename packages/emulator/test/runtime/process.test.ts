import { existsSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { ProcessRuntime } from '../../src/runtime/process.ts'
import { BuildFailed, type Container, type StartOptions } from '../../src/runtime/runtime.ts'
import { bodyOf, eventually, filesIn, scratch } from './fixture.ts'

const signal = new AbortController().signal

const SERVER = `
const http = require('node:http')
const server = http.createServer((req, res) => res.end(JSON.stringify({ greeting: process.env.GREETING, pid: process.pid, cwd: process.cwd(), env: process.env })))
server.listen(8080, () => console.log('listening on', server.address().port))
`

async function runtimeIn(dir: string): Promise<ProcessRuntime> {
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  onTestFinished(() => runtime.sweep([]))
  return runtime
}

async function built(runtime: ProcessRuntime, files: Record<string, string>, lines: string[] = []) {
  const sourceDir = await filesIn(files)
  return runtime.build({
    sourceDir,
    name: 'lucree/i-0abc/staging-app',
    log: (line) => lines.push(line),
    signal,
  })
}

let count = 0
const startOptions = (
  dir: string,
  options: Pick<StartOptions, 'image'> & Partial<StartOptions>,
): StartOptions => ({
  name: `eb-e-1-i-${++count}`,
  env: {},
  port: 8080,
  outputFile: join(dir, `out-${count}.log`),
  signal,
  ...options,
})

const answerOf = (container: Container) => eventually(() => bodyOf(container.hostPort))

test('a Dockerfile with stages is followed and the application answers on the container port', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const lines: string[] = []
  const image = await built(
    runtime,
    {
      Dockerfile: `ARG TAG=${process.versions.node.split('.')[0]}-slim
FROM public.ecr.aws/docker/library/node:\${TAG} AS build
WORKDIR /src
COPY . .
RUN mkdir -p /src/dist && cp server.js dist/server.js

FROM node:\${TAG}
ENV NODE_ENV=production GREETING="hello there"
WORKDIR /app
COPY --from=build --chown=node:node /src/dist ./
USER node
EXPOSE 8080
HEALTHCHECK CMD node -e 0
CMD ["node", "server.js"]
`,
      'server.js': SERVER,
    },
    lines,
  )
  expect(image.exposedPorts).toEqual([8080])
  expect(lines).toContain('Step 4/12 : RUN mkdir -p /src/dist && cp server.js dist/server.js')
  const container = await runtime.start(startOptions(dir, { image }))
  const answer = JSON.parse(await answerOf(container)) as { greeting: string; cwd: string }
  expect(answer.greeting).toBe('hello there')
  expect(answer.cwd).toBe(join(image.ref, 'root/app'))
  expect(await runtime.inspect(container)).toEqual({ running: true })
  expect(await runtime.listening(container)).toEqual([{ address: '::', port: 8080 }])
})

test('a container gets its own variables byte for byte and none of this machine', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const image = await built(runtime, {
    Dockerfile: 'FROM node\nCOPY s.js /app/\nCMD node /app/s.js\n',
    's.js': SERVER,
  })
  const env = { GREETING: ` a,b=c "d" $e \\ ü'`, 'dotted.name/x': 'kept', PATHLIKE: '/app/s.js' }
  const options = startOptions(dir, { image, env })
  const container = await runtime.start(options)
  const answer = JSON.parse(await answerOf(container)) as { env: Record<string, string> }
  expect(answer.env).toMatchObject({ GREETING: env.GREETING, PATHLIKE: '/app/s.js' })
  expect(
    Object.keys(answer.env)
      .filter((name) => !(name in env))
      .sort(),
  ).toEqual(expect.not.arrayContaining(['USER', 'LANG', 'NODE_EXTRA_CA_CERTS', 'VITEST']))
  expect((await stat(options.outputFile)).mode & 0o777).toBe(0o600)
  expect(await readFile(options.outputFile, 'utf8')).toBe('listening on 8080\n')
})

test('two containers of one image listen on the same port side by side', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const image = await built(runtime, {
    Dockerfile: 'FROM node\nWORKDIR /app\nCOPY s.mjs .\nCMD ["s.mjs"]\n',
    's.mjs': SERVER.replace("require('node:http')", "await import('node:http')"),
  })
  const one = await runtime.start(startOptions(dir, { image, env: { GREETING: 'one' } }))
  const two = await runtime.start(startOptions(dir, { image, env: { GREETING: 'two' } }))
  expect(await answerOf(one)).toContain('"one"')
  expect(await answerOf(two)).toContain('"two"')
})

test('an application on 127.0.0.1 only is not reached, and is recognised', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const image = await built(runtime, {
    Dockerfile: 'FROM node\nCOPY s.js /\nCMD ["node", "/s.js"]\n',
    's.js': SERVER.replace('8080,', "8080, '127.0.0.1',"),
  })
  const container = await runtime.start(startOptions(dir, { image }))
  const sockets = await eventually(async () => {
    const found = await runtime.listening(container)
    return found.length > 0 ? found : undefined
  })
  expect(sockets).toEqual([{ address: '127.0.0.1', port: 8080 }])
  expect(await bodyOf(container.hostPort)).toBeUndefined()
})

test('whoever looks in the very moment of a kill hears its exit code', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const image = await built(runtime, {
    Dockerfile: 'FROM node\nCOPY s.js .\nCMD ["node", "s.js"]\n',
    's.js': `process.kill(process.pid, 'SIGKILL')`,
  })
  for (let round = 0; round < 10; round += 1) {
    const options = startOptions(dir, { image })
    const container = await runtime.start(options)
    let state = await runtime.inspect(container)
    while (state.running) state = await runtime.inspect(container)
    expect(state).toMatchObject({ exitCode: 137 })
    // As when the file isn't written yet, which a busy machine alone would show.
    await rm(join(dir, 'containers', options.name, 'exits'), { force: true })
    expect(await runtime.inspect(container)).toMatchObject({ exitCode: 137 })
  }
})

test('a crash at start leaves its exit code and its log', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const image = await built(runtime, {
    Dockerfile: 'FROM node\nCOPY s.js .\nCMD ["node", "s.js"]\n',
    's.js': `throw new Error('no database')`,
  })
  const options = startOptions(dir, { image })
  const container = await runtime.start(options)
  const state = await eventually(async () => {
    const found = await runtime.inspect(container)
    return found.running ? undefined : found
  })
  expect(state).toEqual({ running: false, exitCode: 1, oomKilled: false })
  expect(await readFile(options.outputFile, 'utf8')).toContain('Error: no database')
  await runtime.stop(container, 1_000)
})

test('stop lets the application finish what it does, and kills it when it does not', async () => {
  const dir = await scratch()
  const runtime = await runtimeIn(dir)
  const image = await built(runtime, {
    Dockerfile: 'FROM node\nCOPY s.js .\nCMD ["node", "s.js"]\n',
    's.js':
      SERVER +
      `process.on('SIGTERM', () => { console.log('bye'); if (!process.env.STUBBORN) process.exit(0) })`,
  })
  const polite = startOptions(dir, { image })
  const container = await runtime.start(polite)
  await answerOf(container)
  await runtime.stop(container, 5_000)
  expect(await readFile(polite.outputFile, 'utf8')).toContain('bye')
  const stubborn = await runtime.start(startOptions(dir, { image, env: { STUBBORN: '1' } }))
  await answerOf(stubborn)
  await runtime.stop(stubborn, 200)
  expect(await bodyOf(stubborn.hostPort)).toBeUndefined()
  expect(await runtime.inspect(stubborn)).toMatchObject({ running: false })
})

test('a failing RUN ends the build with the words and the output of the real builder', async () => {
  const runtime = await runtimeIn(await scratch())
  const lines: string[] = []
  const failure = built(runtime, { Dockerfile: 'FROM node\nRUN echo almost && exit 7\n' }, lines)
  await expect(failure).rejects.toThrow(
    new BuildFailed(
      'build',
      'process "/bin/sh -c echo almost && exit 7" did not complete successfully: exit code: 7',
    ),
  )
  expect(lines).toContain('almost')
})

test('a missing source of COPY is told as the real builder tells it', async () => {
  const runtime = await runtimeIn(await scratch())
  await expect(built(runtime, { Dockerfile: 'FROM node\nCOPY dist ./\n' })).rejects.toThrow(
    'failed to compute cache key: failed to calculate checksum of ref lucree::context: "/dist": not found',
  )
})

test('a base image that is not Node is refused by name', async () => {
  const runtime = await runtimeIn(await scratch())
  await expect(built(runtime, { Dockerfile: 'FROM nginx:alpine\n' })).rejects.toThrow(
    "only follows Node images and can't build FROM nginx:alpine",
  )
})

test('an aborted build ends its running step with all it started', async () => {
  const runtime = await runtimeIn(await scratch())
  const sourceDir = await filesIn({ Dockerfile: 'FROM node\nRUN sleep 60 & echo $!; wait\n' })
  const abort = new AbortController()
  let child = 0
  const log = (line: string) => {
    if (!/^\d+$/.test(line)) return
    child = Number(line)
    abort.abort(new Error('stop'))
  }
  await expect(runtime.build({ sourceDir, name: 'a', log, signal: abort.signal })).rejects.toThrow('stop')
  await eventually(() => (isAlive(child) ? undefined : true))
})

test('sweep ends everything of an earlier server but what is kept, which goes on unharmed', async () => {
  const dir = await scratch()
  const earlier = await runtimeIn(dir)
  const image = await built(earlier, {
    Dockerfile: 'FROM node\nCOPY s.js .\nCMD ["node", "s.js"]\n',
    's.js': SERVER,
  })
  const kept = await earlier.start(startOptions(dir, { image }))
  const lost = await earlier.start(startOptions(dir, { image }))
  await Promise.all([answerOf(kept), answerOf(lost)])
  const later = await runtimeIn(dir)
  await later.sweep([kept])
  expect(await later.inspect(kept)).toEqual({ running: true })
  expect(await bodyOf(kept.hostPort)).toBeDefined()
  expect(await bodyOf(lost.hostPort)).toBeUndefined()
  expect(existsSync(image.ref)).toBe(true)
  await later.stop(kept, 1_000)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
