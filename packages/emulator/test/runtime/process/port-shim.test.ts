import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { bodyOf, eventually, filesIn, scratch } from '../fixture.ts'

const signal = new AbortController().signal

async function start(files: Record<string, string>, command: string[], env: Record<string, string> = {}) {
  // A space and a quote in the path, as in many a user's name.
  const dir = join(await scratch(), `it's "here" now`)
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  onTestFinished(() => runtime.sweep([]))
  const Dockerfile = `FROM node\nWORKDIR /app\nCOPY . .\nCMD ${JSON.stringify(command)}\n`
  const sourceDir = await filesIn({ Dockerfile, ...files })
  const image = await runtime.build({ sourceDir, name: 'app', log: () => undefined, signal })
  const outputFile = join(dir, 'out.log')
  const container = await runtime.start({ image, name: 'c', env, port: 8080, outputFile, signal })
  const answer = (path?: string) => eventually(() => bodyOf(container.hostPort, path))
  const output = () => readFile(outputFile, 'utf8')
  return { runtime, container, answer, output }
}

const SERVER = `require('node:http').createServer((req, res) => res.end('hello'))`

test.each([
  ['a number', '8080'],
  ['text', '"8080"'],
  ['options', '{ port: 8080, host: "0.0.0.0", exclusive: true }'],
  ['the own host name', '8080, process.env.HOSTNAME'],
  ['every address of IPv6', '{ port: 8080, host: "::", ipv6Only: false }'],
])('the container port is reached when it is given as %s', async (_as, args) => {
  const { answer } = await start({ 's.js': `${SERVER}.listen(${args})` }, ['node', 's.js'])
  expect(await answer()).toBe('hello')
})

test.each([
  ['by IPv6 only', '{ port: 8080, host: "::", ipv6Only: true }', '::'],
  ['on ::1', '8080, "::1"', '::1'],
])(
  'an application that listens %s is not reached, as the proxy of a container comes by IPv4',
  async (_as, args, address) => {
    const { runtime, container } = await start({ 's.js': `${SERVER}.listen(${args})` }, ['node', 's.js'])
    const sockets = await eventually(async () => {
      const found = await runtime.listening(container)
      return found.length > 0 ? found : undefined
    })
    expect(sockets).toEqual([{ address, port: 8080 }])
    expect(await bodyOf(container.hostPort)).toBeUndefined()
  },
)

test('ES modules, children of shells and workers of a cluster find their ports', async () => {
  const files = {
    'package.json': '{"type":"module"}',
    's.js': `
import cluster from 'node:cluster'
import http from 'node:http'
if (cluster.isPrimary) { cluster.fork(); cluster.fork() }
else {
  const server = http.createServer((req, res) => res.end('worker ' + server.address().port))
  server.listen(8080)
}`,
  }
  const { answer } = await start(files, ['sh', '-c', 'echo started; node s.js; echo ended'])
  expect(await answer()).toBe('worker 8080')
})

test('an application reaches its own ports on loopback, and tells them as it knows them', async () => {
  const { answer, runtime, container } = await start(
    {
      's.js': `
const http = require('node:http')
const inner = http.createServer((req, res) => res.end('inner ' + JSON.stringify(inner.address())))
inner.listen(9000, 'localhost', () => {
  http.createServer(async (req, res) => {
    const viaFetch = await (await fetch('http://localhost:9000/')).text()
    http.get({ host: '127.0.0.1', port: 9000 }, (answer) => {
      answer.resume().on('end', () => res.end(viaFetch + ' ' + answer.statusCode))
    })
  }).listen(8080)
})`,
    },
    ['node', 's.js'],
  )
  expect(await answer()).toBe('inner {"address":"127.0.0.1","family":"IPv4","port":9000} 200')
  const sockets = await runtime.listening(container)
  expect(sockets.sort((a, b) => a.port - b.port)).toEqual([
    { address: '::', port: 8080 },
    { address: '127.0.0.1', port: 9000 },
  ])
})

test('a port that is taken inside is an error inside, and the next one is found', async () => {
  const { output } = await start(
    {
      's.js': `
const net = require('node:net')
const first = net.createServer().listen(8080, () => {
  const second = net.createServer()
  second.on('error', (error) => { console.log(error.code); second.listen(8081) })
  second.on('listening', () => console.log('on', second.address().port))
  second.listen(8080)
})`,
    },
    ['node', 's.js'],
  )
  await expect.poll(output).toBe('EADDRINUSE\non 8081\n')
})

test('a closed port is no longer told as listening', async () => {
  const { output, runtime, container } = await start(
    {
      's.js': `const s = require('node:net').createServer().listen(8080, () => s.close(() => console.log('closed')))
setInterval(() => {}, 1000)`,
    },
    ['node', 's.js'],
  )
  await expect.poll(output).toBe('closed\n')
  expect(await runtime.listening(container)).toEqual([])
})

test('sockets with a path, any free port and ports out of range are left to Node', async () => {
  const { output } = await start(
    {
      's.js': `
const net = require('node:net')
net.createServer().listen('./own.sock', function () {
  console.log(this.address())
  const any = net.createServer().listen(0, () => {
    console.log(any.address().port > 0)
    try { net.createServer().listen(70000) } catch (error) { console.log(error.code) }
    process.exit(0)
  })
})`,
    },
    ['node', 's.js'],
  )
  await expect.poll(output).toBe('./own.sock\ntrue\nERR_SOCKET_BAD_PORT\n')
})

test('NODE_OPTIONS of the application stay in force, and its worker threads do not end the container', async () => {
  const { answer, runtime, container } = await start(
    {
      's.js': `
const { Worker, isMainThread } = require('node:worker_threads')
if (!isMainThread) process.exit(3)
new Worker(__filename).on('exit', () => {
  require('node:http').createServer((req, res) => res.end(process.title)).listen(8080)
})`,
    },
    ['s.js'],
    { NODE_OPTIONS: '--title=mine' },
  )
  expect(await answer()).toBe('mine')
  expect(await runtime.inspect(container)).toEqual({ running: true })
})
