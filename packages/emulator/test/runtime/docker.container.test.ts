import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { DockerRuntime } from '../../src/runtime/docker.ts'
import { Engine, parseDockerHost } from '../../src/runtime/engine.ts'
import type { Container, StartOptions } from '../../src/runtime/runtime.ts'
import { bodyOf, eventually, filesIn, scratch } from './fixture.ts'

const dockerHost = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
const BASE = 'public.ecr.aws/docker/library/node:24-slim'
const signal = new AbortController().signal

const SERVER = `
const http = require('node:http')
const server = http.createServer((req, res) => res.end(JSON.stringify(process.env)))
server.listen(8080, () => console.log('listening'))
process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })
`

function runtimeIn(dir: string): DockerRuntime {
  const engine = new Engine(parseDockerHost(dockerHost), systemClock)
  return new DockerRuntime({ engine, dir, clock: systemClock, buildNetwork: 'host' })
}

let count = 0
async function started(
  runtime: DockerRuntime,
  dir: string,
  files: Record<string, string>,
  more: Partial<StartOptions> = {},
) {
  const sourceDir = await filesIn(files)
  const lines: string[] = []
  const image = await runtime.build({
    sourceDir,
    name: `lucree/i-0abc/app-${++count}`,
    log: (line) => lines.push(line),
    signal,
  })
  onTestFinished(() => runtime.removeImage(image))
  const outputFile = join(dir, `out-${count}.log`)
  const name = `eb-e-test${process.pid}-i-0abc${count}-1`
  const container = await runtime.start({ image, name, env: {}, port: 8080, outputFile, signal, ...more })
  onTestFinished(() => runtime.stop(container, 0))
  return { image, container, outputFile, lines }
}

const answerOf = (container: Container) => eventually(() => bodyOf(container.hostPort), 20_000)

test('a bundle is built, runs with its variables byte for byte, and is stopped with grace', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(dir)
  expect(await runtime.describe()).toMatch(/^(Docker|Podman) \d/)
  const env = { GREETING: ` a,b=c "d" $e \\ ü'`, 'dotted.name/x': 'kept' }
  const files = {
    Dockerfile: `FROM ${BASE}\nWORKDIR /app\nRUN echo built here\nCOPY . .\nEXPOSE 8080 3000\nCMD ["node", "s.js"]\n`,
    's.js': SERVER,
    '.dockerignore': 'Dockerfile\n',
  }
  const { image, container, outputFile, lines } = await started(runtime, dir, files, { env })
  expect(image.exposedPorts).toEqual([8080, 3000])
  expect(lines).toContain('Step 3/6 : RUN echo built here')
  expect(JSON.parse(await answerOf(container))).toMatchObject(env)
  expect(await runtime.inspect(container)).toEqual({ running: true })
  expect(await runtime.listening(container)).toEqual([{ address: '::', port: 8080 }])
  await runtime.stop(container, 5_000)
  expect(await readFile(outputFile, 'utf8')).toBe('listening\nbye\n')
  expect((await stat(outputFile)).mode & 0o777).toBe(0o600)
  expect(await runtime.inspect(container)).toMatchObject({ running: false })
})

test('a container that ends at once leaves its exit code and its log', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(dir)
  const files = {
    Dockerfile: `FROM ${BASE}\nCMD ["node", "-e", "console.error('no database'); process.exit(3)"]\n`,
  }
  const { container, outputFile } = await started(runtime, dir, files)
  const state = await eventually(async () => {
    const found = await runtime.inspect(container)
    return found.running ? undefined : found
  })
  expect(state).toEqual({ running: false, exitCode: 3, oomKilled: false })
  await expect.poll(() => readFile(outputFile, 'utf8')).toBe('no database\n')
})

test('what Dockerrun says of entry point, command and volumes is done', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(dir)
  const hostDirectory = await filesIn({ 'note.txt': 'from the host' })
  const { container, outputFile } = await started(
    runtime,
    dir,
    { Dockerfile: `FROM ${BASE}\nENTRYPOINT ["node"]\nCMD ["--version"]\n` },
    {
      entrypoint: 'cat',
      command: '/data/note.txt',
      volumes: [{ hostDirectory, containerDirectory: '/data' }],
    },
  )
  await expect.poll(() => readFile(outputFile, 'utf8')).toBe('from the host')
  await runtime.stop(container, 0)
})

test('a failing step and a missing source are told in the words of the engine', async () => {
  const runtime = runtimeIn(await scratch())
  const build = async (dockerfile: string) => {
    const lines: string[] = []
    const sourceDir = await filesIn({ Dockerfile: dockerfile })
    const failure = await runtime
      .build({ sourceDir, name: 'lucree/i-0abc/broken', log: (line) => lines.push(line), signal })
      .then(
        () => '',
        (error: Error) => `${error.name}: ${error.message}`,
      )
    return { failure, lines }
  }
  const step = await build(`FROM ${BASE}\nRUN echo almost >&2 && exit 7\n`)
  expect(step.failure).toMatch(/^BuildFailed: /)
  expect(step.failure).toContain(
    `The command '/bin/sh -c echo almost >&2 && exit 7' returned a non-zero code: 7`,
  )
  expect(step.lines).toContain('almost')
  const source = await build(`FROM ${BASE}\nCOPY dist ./\n`)
  expect(source.failure).toContain(
    'COPY failed: file not found in build context or excluded by .dockerignore',
  )
})

test('a later server goes on with the log without losing or doubling a line, and removes the rest', async () => {
  const dir = await scratch()
  const earlier = runtimeIn(dir)
  const files = {
    Dockerfile: `FROM ${BASE}\nCOPY . .\nCMD ["node", "s.js"]\n`,
    's.js': `let n = 0; setInterval(() => { console.log(++n); console.error('e' + n) }, 50)`,
  }
  const kept = await started(earlier, dir, files)
  const lost = await started(earlier, dir, files)
  const lines = async () =>
    (await readFile(kept.outputFile, 'utf8')).split('\n').filter((line) => line.startsWith('e'))
  await expect.poll(async () => (await lines()).length, { timeout: 10_000 }).toBeGreaterThan(5)
  earlier.detach()
  const later = runtimeIn(dir)
  await later.sweep([kept.container])
  const before = (await lines()).length
  await expect.poll(async () => (await lines()).length, { timeout: 10_000 }).toBeGreaterThan(before + 5)
  await later.stop(kept.container, 1_000)
  const all = await lines()
  expect(all).toEqual(all.map((_, index) => `e${index + 1}`))
  expect(await later.inspect(lost.container)).toEqual({ running: false, exitCode: null, oomKilled: false })
})

test('an aborted build ends', async () => {
  const runtime = runtimeIn(await scratch())
  const abort = new AbortController()
  const sourceDir = await filesIn({ Dockerfile: `FROM ${BASE}\nRUN echo sleeping && sleep 100\n` })
  const log = (line: string) => line === 'sleeping' && abort.abort(new Error('stop'))
  await expect(
    runtime.build({ sourceDir, name: 'lucree/i-0abc/slow', log, signal: abort.signal }),
  ).rejects.toThrow()
})
