import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { readServerRecord } from '../src/index.ts'
import { scratch } from './support/local-account.ts'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

beforeAll(() => {
  if (!existsSync(main)) throw new Error('dist/main.js is not there: build @lucree/emulator first')
})

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

interface Ready {
  url: string
  pid: number
  error?: { code: string; message: string }
}

/** Starts the built server and gives its first line and, when it has ended, all it said. */
async function launch(args: string[]) {
  const child = spawn(process.execPath, [main, '--runtime', 'process', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  })
  children.push(child)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  await expect.poll(() => said.out.includes('\n'), { timeout: 20_000 }).toBe(true)
  return { child, said, ended, first: JSON.parse(said.out.split('\n')[0] as string) as Ready }
}

async function s3At(dir: string, endpoint: string) {
  const file = JSON.parse(await readFile(join(dir, 'account.json'), 'utf8')) as Record<string, string>
  const { accessKeyId = '', secretAccessKey = '' } = file
  const credentials = { accessKeyId, secretAccessKey }
  return { s3: new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }), secretAccessKey }
}

test('the process says where it is in one line, serves, and ends cleanly on SIGTERM', async () => {
  const dir = join(await scratch(), 'state')
  const { child, said, ended, first } = await launch(['--dir', dir])
  expect(first).toMatchObject({ pid: child.pid, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
  const { s3, secretAccessKey } = await s3At(dir, first.url)
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  expect(await (await fetch(`${first.url}/_lucree/identity`)).json()).toMatchObject({
    service: 'lucree-emulator',
    pid: child.pid,
  })
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(said.err).toBe('')
  expect(await readServerRecord(dir)).toBeUndefined()
  const log = join(dir, 'server.log')
  expect((await stat(log)).mode & 0o777).toBe(0o600)
  for (const text of [said.out, await readFile(log, 'utf8')]) expect(text).not.toContain(secretAccessKey)
})

test('after kill -9 in the middle of work the next server takes over at once and nothing is half', async () => {
  const dir = join(await scratch(), 'state')
  const first = await launch(['--dir', dir])
  const { s3 } = await s3At(dir, first.first.url)
  const Bucket = 'bucket'
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'before' }))
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }))
  const busy = Array.from({ length: 12 }, (_, index) =>
    s3
      .send(new PutObjectCommand({ Bucket, Key: `k${index}`, Body: Buffer.alloc(3_000_000, `${index}`) }))
      .then(
        () => index,
        () => undefined,
      ),
  )
  await busy[0]
  first.child.kill('SIGKILL')
  const done = (await Promise.all(busy)).filter((index) => index !== undefined)

  const second = await launch(['--dir', dir])
  expect(second.first.url).toBe(first.first.url)
  const { s3: again } = await s3At(dir, second.first.url)
  const read = async (Key: string) =>
    (await again.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()
  expect(await read('k')).toBe('before')
  for (const index of done) expect((await read(`k${index}`))?.length).toBe(3_000_000)
})

test('of several that start at once on a directory one serves and the others say who', async () => {
  const dir = join(await scratch(), 'state')
  const all = await Promise.all([1, 2, 3].map(() => launch(['--dir', dir])))
  const serving = all.filter(({ first }) => first.error === undefined)
  expect(serving).toHaveLength(1)
  for (const other of all.filter(({ first }) => first.error)) {
    expect(other.first.error).toMatchObject({
      code: 'AlreadyRunning',
      message: expect.stringContaining(`process ${serving[0]?.child.pid}`),
    })
    expect(await other.ended).toEqual([1, null])
    expect(other.said.err).toBe(`${other.first.error?.message}\n`)
  }
})

test('a port in use is told by its number, with a code and exit 1', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { first, ended } = await launch(['--dir', join(await scratch(), 'state'), '--port', String(port)])
  expect(first.error).toEqual({ code: 'PortInUse', message: `Port ${port} is in use by another program.` })
  expect(await ended).toEqual([1, null])
  other.close()
})

test.each([[[]], [['--dir', 'x', '--port', 'y']], [['--dir', 'x', '--runtime', 'vm']], [['--nonsense']]])(
  'the arguments %j are refused with the usage and exit 2',
  async (args) => {
    const { first, ended } = await launch(args)
    expect(first.error).toMatchObject({
      code: 'InvalidOption',
      message: expect.stringContaining('usage: main.js --dir DIR'),
    })
    expect(await ended).toEqual([2, null])
    expect(existsSync('x')).toBe(false)
  },
)
