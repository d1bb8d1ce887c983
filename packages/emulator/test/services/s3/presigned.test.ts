import { request } from 'node:http'
import { HttpRequest } from '@smithy/core/protocols'
import { expect, test } from 'vitest'
import { systemClock, type Clock } from '../../../src/clock.ts'
import { signerOf } from '../../../src/http/signature.ts'
import { localAccount } from '../../support/local-account.ts'

const Bucket = 'bucket'
const Key = 'logs/tail ü+(1).txt'

/** A clock that a test sets. */
function movable() {
  let offset = 0
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + offset) }
  return { clock, advance: (ms: number) => (offset += ms) }
}

async function withObject() {
  const time = movable()
  const account = await localAccount({ clock: time.clock })
  await account.store.createBucket(Bucket)
  await account.store.put(Bucket, Key, 'the log', { contentType: 'text/plain' })
  return { ...time, account }
}

test('a presigned URL reads the object without credentials until its time is over', async () => {
  const { account, advance } = await withObject()
  const url = await account.store.presignGet(Bucket, Key, { ttlSeconds: 900, endpoint: account.url })
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain',
    'the log',
  ])
  expect(await (await fetch(url, { headers: { range: 'bytes=0-2' } })).text()).toBe('the')
  advance(901_000)
  const late = await fetch(url)
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')])
})

test.each([
  ['another key', (url: URL) => void (url.pathname = `/${Bucket}/other`)],
  ['a longer life', (url: URL) => url.searchParams.set('X-Amz-Expires', '604800')],
  ['another parameter', (url: URL) => url.searchParams.set('response-content-type', 'text/html')],
  ['another signature', (url: URL) => url.searchParams.set('X-Amz-Signature', '0'.repeat(64))],
])('a presigned URL changed to %s is refused', async (_what, change) => {
  const { account } = await withObject()
  const url = new URL(await account.store.presignGet(Bucket, Key, { ttlSeconds: 900, endpoint: account.url }))
  change(url)
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([
    403,
    expect.stringContaining('SignatureDoesNotMatch'),
  ])
})

test('a presigned GET is no leave to write', async () => {
  const { account } = await withObject()
  const url = await account.store.presignGet(Bucket, Key, { ttlSeconds: 900, endpoint: account.url })
  expect((await fetch(url, { method: 'PUT', body: 'mine' })).status).toBe(403)
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
})

test('a presigned PUT stores what is sent to it', async () => {
  const { account } = await withObject()
  const { host, port } = new URL(account.url)
  const toSign = new HttpRequest({
    method: 'PUT',
    hostname: host,
    path: `/${Bucket}/put`,
    headers: { host },
    body: {},
  })
  const { query } = await signerOf(account.account.credentials, 'us-east-1', 's3').presign(toSign, {
    expiresIn: 60,
  })
  const url = `${account.url}/${Bucket}/put?${new URLSearchParams(query as Record<string, string>).toString()}`
  expect((await fetch(url, { method: 'PUT', body: 'sent' })).status).toBe(200)
  const stored = await account.store.stat(Bucket, 'put')
  expect(stored?.bytes).toBe(4)
  expect(port).not.toBe('')
})

test('a client that goes away in the middle of an upload leaves nothing behind', async () => {
  const { account } = await withObject()
  const { host } = new URL(account.url)
  const toSign = new HttpRequest({
    method: 'PUT',
    hostname: host,
    path: `/${Bucket}/cut`,
    headers: { host },
    body: {},
  })
  const { query } = await signerOf(account.account.credentials, 'us-east-1', 's3').presign(toSign, {
    expiresIn: 60,
  })
  const url = `${account.url}/${Bucket}/cut?${new URLSearchParams(query as Record<string, string>).toString()}`
  await new Promise<void>((resolve) => {
    const sent = request(url, { method: 'PUT', headers: { 'content-length': '1000000' } })
    sent.on('error', () => resolve())
    sent.write(Buffer.alloc(100_000), () => sent.destroy(new Error('gone')))
  })
  await expect.poll(() => account.lines.some((line) => line.includes(`PUT /${Bucket}/cut 400`))).toBe(true)
  expect(await account.store.stat(Bucket, 'cut')).toBeUndefined()
  expect(await account.store.list(Bucket, '')).toHaveLength(1)
})
