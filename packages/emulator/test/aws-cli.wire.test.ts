import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { localAccount, scratch } from './support/local-account.ts'

const run = promisify(execFile)

/** The AWS CLI as somebody uses it who took over `lucree local env`; it parses the protocol on its own. */
async function cli() {
  const account = await localAccount()
  const home = await scratch()
  const { accessKeyId, secretAccessKey } = account.account.credentials
  const variables = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    AWS_ENDPOINT_URL: account.url,
    AWS_REGION: 'us-east-1',
    // the CLI's first version knows only this one
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    NO_PROXY: '*',
  }
  const aws = async (args: string[], env: Record<string, string> = {}) => {
    const { stdout } = await run('aws', args, { env: { ...variables, ...env }, cwd: home, timeout: 60_000 })
    return stdout
  }
  const pipe = (command: string) => run('sh', ['-c', command], { env: variables, cwd: home, timeout: 60_000 })
  const json = async (args: string[]) => JSON.parse((await aws([...args, '--output', 'json'])) || 'null')
  return { account, home, aws, json, pipe }
}

test('sts tells who the caller is', async () => {
  const { account, json } = await cli()
  expect(await json(['sts', 'get-caller-identity'])).toEqual({
    UserId: account.account.caller.userId,
    Account: account.account.accountId,
    Arn: account.account.caller.arn,
  })
})

test('a wrong secret key is refused with SignatureDoesNotMatch', async () => {
  const { aws } = await cli()
  const wrong = { AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) }
  for (const args of [
    ['sts', 'get-caller-identity'],
    ['s3api', 'list-buckets'],
  ]) {
    await expect(aws(args, wrong)).rejects.toMatchObject({
      stderr: expect.stringContaining('SignatureDoesNotMatch'),
    })
  }
})

test('s3 cp takes twenty megabytes there in parts and back unchanged', async () => {
  const { aws, home, json } = await cli()
  const body = randomBytes(20_000_000)
  await writeFile(join(home, 'up.bin'), body)
  await aws(['s3', 'mb', 's3://bucket'])
  await aws(['s3', 'cp', 'up.bin', 's3://bucket/dir/up ü.bin', '--no-progress'])
  const head = await json(['s3api', 'head-object', '--bucket', 'bucket', '--key', 'dir/up ü.bin'])
  expect(head).toMatchObject({ ContentLength: body.length, ETag: expect.stringMatching(/-3"$/) })
  await aws(['s3', 'cp', 's3://bucket/dir/up ü.bin', 'down.bin', '--no-progress'])
  expect(Buffer.compare(await readFile(join(home, 'down.bin')), body)).toBe(0)
  expect(await aws(['s3', 'ls', 's3://bucket/'])).toContain('PRE dir/')
  await aws(['s3', 'rb', 's3://bucket', '--force'])
  expect((await json(['s3api', 'list-buckets'])).Buckets).toEqual([])
})

test('s3 cp from standard input, whose length nobody knows, is stored whole', async () => {
  const { aws, pipe } = await cli()
  await aws(['s3', 'mb', 's3://bucket'])
  await pipe("printf 'through a pipe' | aws s3 cp - s3://bucket/x")
  expect(await aws(['s3', 'cp', 's3://bucket/x', '-'])).toBe('through a pipe')
})

test('a conditional put is refused when the object is there', async () => {
  const { aws, home, json } = await cli()
  await writeFile(join(home, 'x'), 'x')
  await aws(['s3api', 'create-bucket', '--bucket', 'bucket'])
  const put = [
    's3api',
    'put-object',
    '--bucket',
    'bucket',
    '--key',
    'lock',
    '--body',
    'x',
    '--if-none-match',
    '*',
  ]
  expect(await json(put)).toMatchObject({ ETag: '"9dd4e461268c8034f5c8564e155c67a6"' })
  await expect(aws(put)).rejects.toMatchObject({ stderr: expect.stringContaining('PreconditionFailed') })
})

test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'])(
  'a put with a %s checksum is verified',
  async (algorithm) => {
    const { aws, home, json } = await cli()
    await writeFile(join(home, 'x'), randomBytes(100_000))
    await aws(['s3api', 'create-bucket', '--bucket', 'bucket'])
    const put = [
      's3api',
      'put-object',
      '--bucket',
      'bucket',
      '--key',
      'k',
      '--body',
      'x',
      '--checksum-algorithm',
      algorithm,
    ]
    const missing = await json(put).catch((error: { stderr: string }) => error.stderr)
    // CRC32C needs a library that the CLI may not have
    if (typeof missing === 'string') expect(missing).toContain('botocore[crt]')
    else expect(missing).toHaveProperty(`Checksum${algorithm}`)
  },
)

test('a URL that the CLI presigned is read by anyone, one of the old kind is refused with the way out', async () => {
  const { aws, home } = await cli()
  await writeFile(join(home, 'x'), 'open')
  await aws(['s3', 'mb', 's3://bucket'])
  await aws(['s3', 'cp', 'x', 's3://bucket/a b.txt', '--no-progress'])
  const presign = async (config: string) => {
    await writeFile(join(home, 'config'), config)
    const AWS_CONFIG_FILE = join(home, 'config')
    return (
      await aws(['s3', 'presign', 's3://bucket/a b.txt', '--expires-in', '60'], { AWS_CONFIG_FILE })
    ).trim()
  }
  expect(await (await fetch(await presign('[default]\ns3 =\n  signature_version = s3v4\n'))).text()).toBe(
    'open',
  )
  expect(await (await fetch(await presign(''))).text()).toContain('Please use AWS4-HMAC-SHA256')
})

test('localhost as the endpoint works with the bucket in the path', async () => {
  const { aws, account } = await cli()
  const AWS_ENDPOINT_URL = account.url.replace('127.0.0.1', 'localhost')
  await aws(['s3', 'mb', 's3://bucket'], { AWS_ENDPOINT_URL })
  expect(await aws(['s3', 'ls'], { AWS_ENDPOINT_URL })).toContain('bucket')
})
