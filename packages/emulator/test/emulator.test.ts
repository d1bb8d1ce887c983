import { createServer, type AddressInfo } from 'node:net'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, expect, test } from 'vitest'
import { readServerRecord, startEmulator, type Emulator, type EmulatorOptions } from '../src/index.ts'
import { scratch } from './support/local-account.ts'

const started: Emulator[] = []
afterEach(async () => {
  for (const emulator of started.splice(0)) await emulator.close()
})

async function start(dir: string, options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await startEmulator({ dir, runtime: 'process', ...options })
  started.push(emulator)
  return emulator
}

/** The SDK marks the credentials that it is given: it gets its own. */
const clientOf = ({ url, region, credentials }: Emulator) => ({
  endpoint: url,
  region,
  credentials: { ...credentials },
  maxAttempts: 1,
})

/** Somebody else on a port of this machine. */
async function occupied() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    free: () => new Promise((resolve) => server.close(resolve)),
  }
}

test('account, bucket and object are there again after a restart, on the same port', async () => {
  const dir = await scratch()
  const first = await start(dir)
  const s3 = new S3Client(clientOf(first))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'kept' }))
  await first.close()
  const second = await start(dir)
  expect(second).toMatchObject({ url: first.url, accountId: first.accountId, credentials: first.credentials })
  const got = await new S3Client(clientOf(second)).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))
  expect(await got.Body?.transformToString()).toBe('kept')
})

test('two directories are two accounts on two ports', async () => {
  const [one, two] = [await start(await scratch()), await start(await scratch())]
  expect(one.accountId).toMatch(/^\d{12}$/)
  expect(two.accountId).not.toBe(one.accountId)
  expect(two.url).not.toBe(one.url)
  const wrong = { ...clientOf(one), credentials: two.credentials }
  await expect(new STSClient(wrong).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
})

test('a second server on a directory is refused with pid and URL of the first, which goes on', async () => {
  const dir = await scratch()
  const first = await start(dir)
  await expect(start(dir)).rejects.toMatchObject({
    name: 'EmulatorError',
    code: 'AlreadyRunning',
    message: expect.stringMatching(new RegExp(`process ${process.pid} at ${first.url}\\.$`)),
  })
  await new STSClient(clientOf(first)).send(new GetCallerIdentityCommand({}))
})

test('the record of a killed server is taken over at once', async () => {
  const dir = await scratch()
  const dead = { pid: 999_999_999, startedAt: '1' }
  await writeFile(join(dir, 'claim.3'), JSON.stringify(dead))
  const record = {
    pid: dead.pid,
    url: 'http://127.0.0.1:1',
    startedAt: new Date(0).toISOString(),
    runtime: 'process',
    version: '0',
  }
  await writeFile(join(dir, 'server.json'), JSON.stringify(record))
  const emulator = await start(dir)
  expect(await readServerRecord(dir)).toMatchObject({
    pid: process.pid,
    url: emulator.url,
    runtime: 'process',
  })
})

test('the record is there while it serves and gone when it is closed', async () => {
  const dir = await scratch()
  const emulator = await start(dir)
  expect(await readServerRecord(dir)).toMatchObject({ pid: process.pid, url: emulator.url })
  await emulator.close()
  await emulator.close()
  expect(await readServerRecord(dir)).toBeUndefined()
})

test('the state is for its owner alone, and the secret stands in the account file only', async () => {
  const dir = join(await scratch(), 'made', 'here')
  const lines: string[] = []
  const emulator = await start(dir, { log: (line) => void lines.push(line) })
  await new STSClient(clientOf(emulator)).send(new GetCallerIdentityCommand({}))
  await new S3Client(clientOf(emulator)).send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const { secretAccessKey } = emulator.credentials
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const mode = (await stat(path)).mode & 0o777
    expect([path, mode & 0o077]).toEqual([path, 0])
    const holds = entry.isFile() && (await readFile(path, 'utf8')).includes(secretAccessKey)
    expect([path, holds]).toEqual([path, entry.name === 'account.json'])
  }
  expect((await stat(dir)).mode & 0o777).toBe(0o700)
  expect(lines.join('\n')).not.toContain(secretAccessKey)
})

test('a port that is asked for and taken is refused by its number, and the directory is free again', async () => {
  const dir = await scratch()
  const other = await occupied()
  await expect(start(dir, { port: other.port })).rejects.toMatchObject({
    code: 'PortInUse',
    message: expect.stringContaining(String(other.port)),
  })
  await other.free()
  expect((await start(dir, { port: other.port })).url).toBe(`http://127.0.0.1:${other.port}`)
})

test('the port of last time is given up when somebody else has it', async () => {
  const dir = await scratch()
  const other = await occupied()
  await writeFile(join(dir, 'last-port'), `${other.port}\n`)
  expect((await start(dir)).url).not.toContain(`:${other.port}`)
  await other.free()
})

test.each([
  [{ port: 70_000 }, 'port'],
  [{ port: 1.5 }, 'port'],
  [{ pace: -1 }, 'pace'],
  [{ region: 'Mars' }, 'region'],
] as const)('the option %j is refused before anything is touched', async (options, word) => {
  const dir = join(await scratch(), 'untouched')
  await expect(start(dir, options)).rejects.toMatchObject({
    code: 'InvalidOption',
    message: expect.stringContaining(word),
  })
  await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a directory that can not be one is refused in one sentence', async () => {
  const dir = await scratch()
  await writeFile(join(dir, 'file'), '')
  await expect(start(join(dir, 'file'))).rejects.toMatchObject({ code: 'StateNotWritable' })
  await expect(start(join(dir, 'file', 'below'))).rejects.toMatchObject({ code: 'StateNotWritable' })
})

test('an account file that was spoilt is named and left as it is', async () => {
  const dir = await scratch()
  for (const text of ['{', '{"accountId": "12"}']) {
    await writeFile(join(dir, 'account.json'), text)
    await expect(start(dir)).rejects.toMatchObject({
      code: 'StateUnreadable',
      message: expect.stringContaining('account.json'),
    })
    expect(await readFile(join(dir, 'account.json'), 'utf8')).toBe(text)
  }
})

test('what a kill left half done is gone after the next start', async () => {
  const dir = await scratch()
  const first = await start(dir)
  const s3 = new S3Client(clientOf(first))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'whole', Body: 'x' }))
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'lost', Body: 'y' }))
  await first.close()

  const bucket = join(dir, 's3', 'bucket')
  const lost = (await readdir(join(bucket, 'data'))).map((file) => join(bucket, 'data', file))
  for (const path of lost) if ((await readFile(path, 'utf8')) === 'y') await writeFile(path, 'yyy')
  await writeFile(join(bucket, 'data', 'half-an-upload'), 'abc')
  await writeFile(join(bucket, 'keys', 'x.json.123'), '{')
  await mkdir(join(bucket, 'uploads', `${'0'.repeat(64)}.removed`))
  await mkdir(join(dir, 's3', 'never-finished'))

  const second = new S3Client(clientOf(await start(dir)))
  await second.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'whole' }))
  await expect(second.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'lost' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
  })
  expect(await readdir(join(bucket, 'data'))).toHaveLength(1)
  expect(await readdir(join(bucket, 'keys'))).toHaveLength(1)
  expect(await readdir(join(bucket, 'uploads'))).toEqual([])
  expect(await readdir(join(dir, 's3'))).toEqual(['bucket'])
})
