import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { copyFile, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { startTimeOf } from '../../../src/runtime/process/identity.ts'
import type { Container } from '../../../src/runtime/runtime.ts'
import { bodyOf, eventually, filesIn, scratch } from '../fixture.ts'

const sources = join(import.meta.dirname, '../../../src')

/** A server process that starts one container, says so, and waits. */
const PARENT = `
import { systemClock } from '${sources}/clock.ts'
import { ProcessRuntime } from '${sources}/runtime/process.ts'
const [dir, sourceDir, last] = process.argv.slice(2)
const runtime = new ProcessRuntime({ dir, clock: systemClock })
const signal = new AbortController().signal
const log = (line) => line === 'sleeping' && console.log(line)
const image = await runtime.build({ sourceDir, name: 'app', log, signal })
const container = await runtime.start({ image, name: 'c', env: {}, port: 8080, outputFile: dir + '/out.log', signal })
console.log(JSON.stringify(container))
setInterval(() => undefined, 1000)
`

/** Runs {@link PARENT} until its first line, which it answers, and ends it with SIGKILL. */
async function killedParent(dir: string, files: Record<string, string>): Promise<string> {
  const bundle = await scratch()
  const require = createRequire(import.meta.url)
  await build({
    stdin: { contents: PARENT, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile: join(bundle, 'parent.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    // libraries in CommonJS know their own file by it
    define: { __filename: 'import.meta.filename' },
    banner: {
      js: `import{createRequire as c}from'node:module';const require=c(${JSON.stringify(require.resolve('vitest'))});`,
    },
  })
  await copyFile(join(sources, 'runtime/process/port-shim.cjs'), join(bundle, 'port-shim.cjs'))
  const parent = spawn(process.execPath, [join(bundle, 'parent.mjs'), dir, await filesIn(files)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  for await (const line of createInterface({ input: parent.stdout })) {
    const gone = new Promise((resolve) => parent.once('exit', resolve))
    parent.kill('SIGKILL')
    await gone
    return line
  }
  throw new Error('the parent ended without a word')
}

const APP = {
  Dockerfile: 'FROM node\nCOPY s.js .\nCMD ["node", "s.js"]\n',
  's.js': `
let count = 0
require('node:http').createServer((req, res) => {
  if (req.url === '/exit') process.exit(9)
  console.log('request', ++count)
  res.end('still here')
}).listen(8080)`,
}

async function laterServer(dir: string): Promise<ProcessRuntime> {
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  onTestFinished(() => runtime.sweep([]))
  return runtime
}

test('an application outlives the kill -9 of its server, with its log, and is adopted with its exit code', async () => {
  const dir = await scratch()
  const container = JSON.parse(await killedParent(dir, APP)) as Container
  const runtime = await laterServer(dir)
  await runtime.sweep([container])
  expect(await runtime.inspect(container)).toEqual({ running: true })
  expect(await eventually(() => bodyOf(container.hostPort))).toBe('still here')
  expect(await readFile(join(dir, 'out.log'), 'utf8')).toBe('request 1\n')
  await bodyOf(container.hostPort, '/exit')
  const state = await eventually(async () => {
    const found = await runtime.inspect(container)
    return found.running ? undefined : found
  })
  expect(state).toEqual({ running: false, exitCode: 9, oomKilled: false })
})

test('a recycled process number is never taken for the application', async () => {
  const dir = await scratch()
  const container = JSON.parse(await killedParent(dir, APP)) as Container
  const runtime = await laterServer(dir)
  const other = { ...container, id: container.id.replace(/^\d+/, String(process.pid)) }
  expect(await runtime.inspect(other)).toEqual({ running: false, exitCode: null, oomKilled: false })
  await runtime.stop(other, 100)
})

test('a build step that a killed server left running is ended by the sweep of the next', async () => {
  const dir = await scratch()
  // Octal, as a path in the text would become one inside the image.
  const file = join(dir, 'pid').replaceAll('/', '\\057')
  const step = `echo $$ > "$(printf '${file}')"; echo sleeping; while :; do sleep 0.05; done`
  await killedParent(dir, { Dockerfile: `FROM node\nRUN ["sh", "-c", ${JSON.stringify(step)}]\n` })
  const pid = Number(await readFile(join(dir, 'pid'), 'utf8'))
  expect(await startTimeOf(pid)).toBeDefined()
  const runtime = await laterServer(dir)
  await runtime.sweep([])
  expect(await startTimeOf(pid)).toBeUndefined()
})
