import { chmod, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { endOthers } from '../../src/runtime/choose.ts'
import type { DockerRuntime } from '../../src/runtime/docker.ts'
import { askKind } from '../../src/runtime/docker/engine-kind.ts'
import type { Container, StartOptions } from '../../src/runtime/runtime.ts'
import { allImages, BASE, engine, FRESH, leftOf, processesWith, runtimeIn } from './engine-under-test.ts'
import { bodyOf, eventually, filesIn, scratch } from './fixture.ts'

const signal = new AbortController().signal

const SERVER = `
const http = require('node:http')
const server = http.createServer((req, res) => res.end(JSON.stringify(process.env)))
server.listen(8080, () => console.log('listening'))
process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })
`

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
  expect(lines.some((line) => /\d\/\d\]?(?: :|:)? ?RUN echo built here$/.test(line))).toBe(true)
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

/** What each builder says of a failed step and of a source that isn't there. */
const WORDS = {
  'BuildKit of Docker 23 and later': [
    /^ERROR: failed to solve: process "\/bin\/sh -c echo almost >&2 && exit 7" did not complete successfully: exit code: 7$/,
    /^ERROR: failed to solve: .*"\/dist": not found$/,
  ],
  'BuildKit of Docker 20.10': [
    /^ERROR: failed to solve: executor failed running \[\/bin\/sh -c echo almost >&2 && exit 7\]: exit code: 7$/,
    /^ERROR: failed to solve: .*"\/dist" not found: not found$/,
  ],
  Podman: [
    /^building at STEP "RUN echo almost >&2 && exit 7": while running runtime: exit status 7$/,
    /^building at STEP "COPY dist \.\/": .*copier: stat: "\/dist": no such file or directory$/,
  ],
}

test('a failing step and a missing source are told in the words of the engine, and leave no image', async () => {
  const runtime = runtimeIn(await scratch())
  const before = await allImages()
  const build = async (dockerfile: string) => {
    const lines: string[] = []
    const sourceDir = await filesIn({ Dockerfile: dockerfile })
    const failure = await runtime
      .build({ sourceDir, name: 'lucree/i-0abc/broken', log: (line) => lines.push(line), signal })
      .catch((error: Error) => error)
    expect(failure).toMatchObject({ name: 'BuildFailed' })
    const { message } = failure as Error
    expect(lines.at(-1)).toBe(message)
    return { message, lines }
  }
  const { podman, differs } = await askKind(engine)
  const builder = podman ? 'Podman' : differs ? 'BuildKit of Docker 20.10' : 'BuildKit of Docker 23 and later'
  const [step, source] = WORDS[builder]
  const failed = await build(`FROM ${BASE}\nRUN echo almost >&2 && exit 7\n`)
  expect(failed.message).toMatch(step!)
  expect(failed.lines).toContainEqual(expect.stringMatching(/^(?:#\d+ \d+\.\d+ )?almost$/))
  expect((await build(`FROM ${BASE}\nCOPY dist ./\n`)).message).toMatch(source!)
  expect(await allImages()).toEqual(before)
})

test('COPY sees neither the Dockerfile nor what else the ignore file leaves out, and modes and links as they are', async () => {
  const runtime = runtimeIn(await scratch())
  const sourceDir = await filesIn({
    Dockerfile: `${FRESH}WORKDIR /seen\nCOPY . .\nRUN find . ! -type d -printf '%P %m %l;' | tr ';' '\\n' | sort\n`,
    '.dockerignore': 'Dockerfile\n.dockerignore\n*.log\n!kept.log\n',
    'a.log': '',
    'kept.log': '',
    'dir/b.log': 'below\n',
    'dir.a/c': '',
    'dir-b': 'x'.repeat(200_000),
  })
  await chmod(join(sourceDir, 'dir.a/c'), 0o750)
  await symlink('../dir-b', join(sourceDir, 'dir/link'))
  const lines: string[] = []
  const image = await runtime.build({
    ...{ sourceDir, name: 'lucree/i-0abc/context', signal },
    log: (line) => lines.push(line.replace(/^#\d+ \d+\.\d+ /, '')),
  })
  await runtime.removeImage(image)
  const seen = lines.filter((line) => /^\S+ \d{3}(?: |$)/.test(line)).map((line) => line.trimEnd())
  expect(seen).toEqual(['dir-b 644', 'dir.a/c 750', 'dir/b.log 644', 'dir/link 777 ../dir-b', 'kept.log 644'])
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

test('an aborted build is over at once, and leaves neither a step that goes on for ever nor an image', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(dir)
  const before = await allImages()
  const abort = new AbortController()
  const mark = `lucree-slow-${process.pid}`
  const sourceDir = await filesIn({
    Dockerfile: `${FRESH}RUN echo sleeping && exec node -e "setTimeout(() => {}, 8_000) // ${mark}"\n`,
  })
  const log = (line: string) =>
    line.endsWith(' sleeping') || line === 'sleeping' ? abort.abort(new Error('stop')) : undefined
  await expect(
    runtime.build({ sourceDir, name: 'lucree/i-0abc/slow', log, signal: abort.signal }),
  ).rejects.toThrow()
  // When Podman's step ends, engine-table.container.test.ts tells.
  await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([])
  expect(await allImages()).toEqual(before)
})

test('a pulled image goes without the name that it came by, unless that was there before', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(dir)
  const image = await runtime.pull({ image: BASE, onlyIfMissing: true, log: () => undefined, signal })
  expect(await runtime.has(image)).toBe(true)
  await runtime.leave()
  expect(await runtime.has(image)).toBe(false)
  expect(await runtime.has({ ref: BASE, exposedPorts: [] })).toBe(true)
})

test('what an engine has of a directory goes when processes take over', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(join(dir, 'docker'))
  await started(runtime, dir, { Dockerfile: `FROM ${BASE}\nCMD ["sleep", "100"]\n` })
  runtime.detach()
  const dockerHost = process.env['DOCKER_HOST']
  await endOthers('process', {
    ...{ want: 'process', dir, clock: systemClock, log: () => undefined },
    ...(dockerHost === undefined ? {} : { dockerHost }),
  })
  expect(await leftOf(join(dir, 'docker'))).toEqual({ containers: [], images: [] })
})

test('what cannot be begun is told in the words of the engine, and leaves no container', async () => {
  const dir = await scratch()
  const runtime = runtimeIn(dir)
  const files = { Dockerfile: `FROM ${BASE}\nRUN touch /plain\nCMD ["/plain"]\n` }
  await expect(started(runtime, dir, files)).rejects.toThrow(/permission denied/i)
  const nowhere = { entrypoint: '/nowhere' }
  await expect(started(runtime, dir, { Dockerfile: `FROM ${BASE}\n` }, nowhere)).rejects.toThrow(
    /no such file or directory/i,
  )
  expect((await leftOf(dir)).containers).toEqual([])
})

test('a Dockerfile and an ignore file that are links to others of the bundle are read', async () => {
  const sourceDir = await filesIn({
    'docker/Dockerfile': 'FROM scratch\nCOPY . /\nEXPOSE 8080\n',
    'docker/ignored': 'secret\n',
    secret: '',
  })
  await symlink('docker/Dockerfile', join(sourceDir, 'Dockerfile'))
  await symlink('docker/ignored', join(sourceDir, '.dockerignore'))
  const runtime = runtimeIn(await scratch())
  const image = await runtime.build({ sourceDir, name: 'lucree/linked', log: () => undefined, signal })
  onTestFinished(() => runtime.removeImage(image))
  expect(image.exposedPorts).toEqual([8080])
})
