import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { HttpRequest } from '@smithy/core/protocols'
import { expect, test } from 'vitest'
import { systemClock, type Clock } from '../../src/clock.ts'
import { signerOf } from '../../src/http/signature.ts'
import { localAccount } from '../support/local-account.ts'

const whoAmI = new GetCallerIdentityCommand({})
const fails = (code: string, httpStatusCode: number) => ({ name: code, $metadata: { httpStatusCode } })

/** A clock that stands. */
const at = (time: Date): Clock => ({ ...systemClock, now: () => time })

test('the right secret is let in and told who it is', async () => {
  const { client, account } = await localAccount()
  expect(await new STSClient(client).send(whoAmI)).toMatchObject({
    Account: account.accountId,
    Arn: `arn:aws:iam::${account.accountId}:user/lucree`,
    UserId: expect.stringMatching(/^AIDA/),
  })
})

test('a wrong secret is refused with SignatureDoesNotMatch by every service', async () => {
  const { client } = await localAccount()
  const wrong = { ...client, credentials: { ...client.credentials, secretAccessKey: 'x'.repeat(40) } }
  await expect(new STSClient(wrong).send(whoAmI)).rejects.toMatchObject(fails('SignatureDoesNotMatch', 403))
  await expect(new S3Client(wrong).send(new ListBucketsCommand({}))).rejects.toMatchObject(
    fails('SignatureDoesNotMatch', 403),
  )
})

test('an unknown key is refused in the words of each service', async () => {
  const { client } = await localAccount()
  const wrong = { ...client, credentials: { ...client.credentials, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }
  await expect(new STSClient(wrong).send(whoAmI)).rejects.toMatchObject(fails('InvalidClientTokenId', 403))
  await expect(new S3Client(wrong).send(new ListBucketsCommand({}))).rejects.toMatchObject(
    fails('InvalidAccessKeyId', 403),
  )
})

test('a session token, which no key here has, is refused', async () => {
  const { client } = await localAccount()
  const wrong = { ...client, credentials: { ...client.credentials, sessionToken: 'token' } }
  await expect(new STSClient(wrong).send(whoAmI)).rejects.toMatchObject(fails('InvalidClientTokenId', 403))
  await expect(new S3Client(wrong).send(new ListBucketsCommand({}))).rejects.toMatchObject(
    fails('InvalidToken', 400),
  )
})

test('another region is refused with the name of the right one', async () => {
  const { client } = await localAccount()
  const wrong = { ...client, region: 'eu-west-1' }
  await expect(new STSClient(wrong).send(whoAmI)).rejects.toThrow(/'eu-west-1'.*'us-east-1'/)
  await expect(new S3Client(wrong).send(new ListBucketsCommand({}))).rejects.toThrow(
    /'eu-west-1'.*'us-east-1'/,
  )
})

test.each([
  ['in the past', -16, 'Signature expired'],
  ['in the future', 16, 'Signature not yet current'],
])('a request signed sixteen minutes %s is refused', async (_when, minutes, words) => {
  const now = new Date()
  const { client } = await localAccount({ clock: at(new Date(now.getTime() - minutes * 60_000)) })
  await expect(new STSClient(client).send(whoAmI)).rejects.toThrow(words)
  await expect(new S3Client(client).send(new ListBucketsCommand({}))).rejects.toMatchObject(
    fails('RequestTimeTooSkewed', 403),
  )
})

/** Sends a request as it is, beside any SDK. */
function raw(
  url: string,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: string },
) {
  const { port } = new URL(url)
  const { method = 'POST', path, headers, body } = options
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode, text }))
    })
    sent.on('error', reject).end(body)
  })
}

const form = 'Action=GetCallerIdentity&Version=2011-06-15'
const asForm = { 'content-type': 'application/x-www-form-urlencoded' }

async function signed(account: Awaited<ReturnType<typeof localAccount>>, body: string) {
  const { host } = new URL(account.url)
  const headers = { host, ...asForm }
  const toSign = new HttpRequest({
    method: 'POST',
    protocol: 'http:',
    hostname: host,
    path: '/',
    headers,
    body,
  })
  return (await signerOf(account.account.credentials, 'us-east-1', 'sts').sign(toSign)).headers as Record<
    string,
    string
  >
}

test('a body that was changed after signing is refused', async () => {
  const account = await localAccount()
  const headers = await signed(account, form)
  expect(await raw(account.url, { path: '/', headers, body: form })).toMatchObject({ status: 200 })
  const tampered = await raw(account.url, { path: '/', headers, body: `${form}&x=y` })
  expect(tampered).toMatchObject({
    status: 403,
    text: expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
  })
  const hash = createHash('sha256').update(form).digest('hex')
  const added = { ...headers, 'x-amz-content-sha256': hash }
  expect((await raw(account.url, { path: '/', headers: added, body: `${form}&x=y` })).status).toBe(403)
})

test('a request without a signature is refused, in XML either way', async () => {
  const { url } = await localAccount()
  const query = await raw(url, { path: '/', headers: asForm, body: form })
  expect(query).toMatchObject({
    status: 403,
    text: expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
  })
  const object = await raw(url, { method: 'GET', path: '/bucket/key' })
  expect(object).toMatchObject({ status: 403, text: expect.stringContaining('<Code>AccessDenied</Code>') })
})

test.each([
  'Basic dXNlcjpwYXNz',
  'AWS4-HMAC-SHA256 nonsense',
  'AWS4-HMAC-SHA256 Credential=a/b/c/sts/aws4_request, SignedHeaders=host, Signature=zz',
  `AWS4-HMAC-SHA256 Credential=a/b/c/sts/aws4_request, SignedHeaders=date, Signature=${'0'.repeat(64)}`,
])('a malformed authorization is refused: %s', async (authorization) => {
  const { url } = await localAccount()
  const answer = await raw(url, { path: '/', headers: { ...asForm, authorization }, body: form })
  expect(answer).toMatchObject({
    status: 400,
    text: expect.stringContaining('<Code>IncompleteSignature</Code>'),
  })
})

test.each(['evil.example', '127.0.0.1.nip.io', 'localhost.evil.example:4780', '10.0.0.1'])(
  'the host name %j is refused before anything is looked at',
  async (host) => {
    const { url } = await localAccount()
    const answer = await raw(url, { method: 'GET', path: '/_lucree/identity', headers: { host } })
    expect(answer.status).toBe(403)
  },
)

test('the loopback names are answered, and the identity says nothing secret', async () => {
  const { url, account } = await localAccount()
  for (const host of ['localhost', '127.0.0.1:1', 'LOCALHOST:4780', '[::1]:4780', 'bucket.localhost']) {
    const answer = await raw(url, { method: 'GET', path: '/_lucree/identity', headers: { host } })
    expect(answer.status).toBe(200)
    for (const secret of Object.values(account.credentials)) expect(answer.text).not.toContain(secret)
  }
})

test('an action that no model knows is refused by its name', async () => {
  const account = await localAccount()
  const body = 'Action=__proto__&Version=2011-06-15'
  const answer = await raw(account.url, { path: '/', headers: await signed(account, body), body })
  expect(answer).toMatchObject({
    status: 400,
    text: expect.stringContaining('Could not find operation __proto__'),
  })
})

test('a body that is too long for a query is refused', async () => {
  const account = await localAccount()
  const body = `${form}&x=${'y'.repeat(1_100_000)}`
  const answer = await raw(account.url, { path: '/', headers: await signed(account, body), body })
  expect(answer.status).toBe(413)
})

test('a service that is not there is refused by its name', async () => {
  const account = await localAccount()
  const { host } = new URL(account.url)
  const toSign = new HttpRequest({ method: 'GET', hostname: host, path: '/', headers: { host } })
  const { headers } = await signerOf(account.account.credentials, 'us-east-1', 'route53').sign(toSign)
  const answer = await raw(account.url, {
    method: 'GET',
    path: '/',
    headers: headers,
  })
  expect(answer).toMatchObject({
    status: 501,
    text: expect.stringContaining('no service &apos;route53&apos;'),
  })
})

test('a header that was added to a signed S3 request is refused', async () => {
  const { client } = await localAccount()
  const s3 = new S3Client(client)
  s3.middlewareStack.add(
    (next) => (args) => {
      ;(args.request as HttpRequest).headers['x-amz-acl'] = 'public-read'
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  await expect(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))).rejects.toMatchObject(
    fails('AccessDenied', 403),
  )
})
