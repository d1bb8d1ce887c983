import * as beanstalk from '@aws-sdk/client-elastic-beanstalk'
import * as s3 from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { signerOf } from '../src/http/signature.ts'
import type { Emulator } from '../src/index.ts'
import { userWith } from './services/iam/account.ts'
import { clientOf, started } from './support/started.ts'

async function read({ url, region }: Emulator, credentials: Emulator['credentials']) {
  const { hostname, port, host } = new URL(url)
  const request = {
    ...{ method: 'GET', protocol: 'http:', hostname, port: Number(port) },
    ...{ path: '/_lucree/inventory', query: {}, headers: { host } },
  }
  const { headers } = await signerOf(credentials, region, 'sts').sign(request, { signingDate: new Date() })
  const answer = await fetch(`${url}/_lucree/inventory`, { headers })
  return { status: answer.status, body: (await answer.json()) as object }
}

test('the inventory is what was made and not removed, sorted, over all services', async () => {
  const emulator = await started()
  const { region, accountId } = emulator
  expect(await emulator.inventory()).toEqual([])
  const eb = new beanstalk.ElasticBeanstalkClient(clientOf(emulator))
  const objects = new s3.S3Client(clientOf(emulator))
  const { S3Bucket: Bucket } = await eb.send(new beanstalk.CreateStorageLocationCommand({}))
  await objects.send(new s3.PutObjectCommand({ Bucket, Key: 'shop/v1.zip', Body: 'x' }))
  const upload = await objects.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'shop/v2.zip' }))
  await eb.send(new beanstalk.CreateApplicationCommand({ ApplicationName: 'shop' }))
  const held = [
    `arn:aws:elasticbeanstalk:${region}:${accountId}:application/shop`,
    `arn:aws:s3:::${Bucket}`,
    `s3://${Bucket}/shop/v1.zip`,
    `s3://${Bucket}/shop/v2.zip?uploadId=${upload.UploadId}`,
  ]
  expect(await emulator.inventory()).toEqual(held)
  expect(await read(emulator, emulator.credentials)).toEqual({ status: 200, body: { inventory: held } })

  await eb.send(new beanstalk.DeleteApplicationCommand({ ApplicationName: 'shop' }))
  await objects.send(new s3.DeleteObjectCommand({ Bucket, Key: 'shop/v1.zip' }))
  await objects.send(
    new s3.AbortMultipartUploadCommand({ Bucket, Key: 'shop/v2.zip', UploadId: upload.UploadId }),
  )
  await objects.send(new s3.DeleteBucketPolicyCommand({ Bucket }))
  await objects.send(new s3.DeleteBucketCommand({ Bucket }))
  expect(await emulator.inventory()).toEqual([])
})

test('over the wire the inventory is shown to the first user only', async () => {
  const emulator = await started()
  const { client } = await userWith(emulator, undefined)
  expect(await read(emulator, client.credentials)).toMatchObject({
    status: 403,
    body: { error: { code: 'AccessDenied' } },
  })
  const wrong = { ...emulator.credentials, secretAccessKey: 'x'.repeat(40) }
  expect(await read(emulator, wrong)).toMatchObject({
    status: 403,
    body: { error: { code: 'SignatureDoesNotMatch' } },
  })
  const unsigned = await fetch(`${emulator.url}/_lucree/inventory`)
  expect(unsigned.status).toBe(403)
})
