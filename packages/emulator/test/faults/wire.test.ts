import {
  CheckDNSAvailabilityCommand,
  CreateApplicationCommand,
  DescribeApplicationsCommand,
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
} from '@aws-sdk/client-elastic-beanstalk'
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import type { Arming } from '../../src/index.ts'
import { clientOf, started } from '../support/started.ts'

/** An account with faults armed, and a client that doesn't try again by itself. */
async function faulty(...armings: Arming[]) {
  const emulator = await started()
  for (const arming of armings) await emulator.control.faults.arm(arming)
  const options = clientOf(emulator)
  const beanstalk = new ElasticBeanstalkClient(options)
  const applications = async () =>
    (await beanstalk.send(new DescribeApplicationsCommand({}))).Applications?.map(
      ({ ApplicationName }) => ApplicationName,
    )
  return { emulator, options, beanstalk, applications, faults: emulator.control.faults }
}

const create = new CreateApplicationCommand({ ApplicationName: 'shop' })

test('a burst of throttling refuses as many requests as it was armed with, in each service’s own words', async () => {
  const { options, applications, faults } = await faulty({ fault: 'throttle', times: 2 })
  for (let time = 0; time < 2; time += 1)
    await expect(applications()).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    })
  expect(await applications()).toEqual([])
  expect(faults.list().armed).toEqual([])

  await faults.arm({ fault: 'throttle', times: 'forever' })
  const bucket = { Bucket: 'bundles' }
  await expect(new S3Client(options).send(new CreateBucketCommand(bucket))).rejects.toMatchObject({
    name: 'SlowDown',
    $metadata: { httpStatusCode: 503 },
  })
  await expect(new EC2Client(options).send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
    name: 'RequestLimitExceeded',
  })
  await expect(
    new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({})),
  ).rejects.toMatchObject({ name: 'ThrottlingException' })
})

test('an SDK client with its own tries rides a burst out and never notices', async () => {
  const { emulator } = await faulty({ fault: 'throttle', times: 2 }, { fault: 'server-error:503' })
  const patient = new ElasticBeanstalkClient({ ...clientOf(emulator), maxAttempts: 4 })
  expect((await patient.send(new DescribeApplicationsCommand({}))).$metadata.attempts).toBe(4)
})

test.each([
  ['server-error', 500, 'InternalFailure', 'InternalError'],
  ['server-error:503', 503, 'ServiceUnavailable', 'ServiceUnavailable'],
])('%s answers %i and carries nothing out', async (fault, status, code, inS3) => {
  const { beanstalk, options, applications, faults } = await faulty({ fault })
  await expect(beanstalk.send(create)).rejects.toMatchObject({
    name: code,
    $metadata: { httpStatusCode: status },
  })
  expect(await applications()).toEqual([])
  await faults.arm({ fault })
  const s3 = new S3Client(options)
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'bundles' }))).rejects.toMatchObject({ name: inS3 })
})

test('latency holds requests back and nothing else', async () => {
  const { applications } = await faulty({ fault: 'latency:300', times: 1 })
  const began = performance.now()
  expect(await applications()).toEqual([])
  expect(performance.now() - began).toBeGreaterThanOrEqual(290)
})

test('a dropped connection carries nothing out, and a lost answer and a truncated one carry it out', async () => {
  const { beanstalk, applications, faults } = await faulty({ fault: 'dropped-connection' })
  await expect(beanstalk.send(create)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await applications()).toEqual([])
  await faults.arm({ fault: 'lost-answer' })
  await expect(beanstalk.send(create)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await applications()).toEqual(['shop'])
  await faults.arm({ fault: 'truncated-response' })
  await expect(beanstalk.send(new CreateApplicationCommand({ ApplicationName: 'other' }))).rejects.toThrow()
  expect(await applications()).toEqual(['shop', 'other'])
})

test('a fault can mean one action only, S3’s by the name that its method and path stand for', async () => {
  const { options, applications, faults } = await faulty({ fault: 'throttle', action: 'PutObject' })
  const s3 = new S3Client(options)
  await s3.send(new CreateBucketCommand({ Bucket: 'bundles' }))
  const put = () => s3.send(new PutObjectCommand({ Bucket: 'bundles', Key: 'a', Body: 'text' }))
  await expect(put()).rejects.toMatchObject({ name: 'SlowDown' })
  await put()
  await faults.arm({ fault: 'truncated-response', action: 'GetObject' })
  expect(await applications()).toEqual([])
  await s3.send(new HeadObjectCommand({ Bucket: 'bundles', Key: 'a' }))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bundles', Key: 'a' }))
  await expect(Body!.transformToString()).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('a fault can mean one environment only', async () => {
  const { beanstalk, applications } = await faulty({ fault: 'throttle', environment: 'shop-env' })
  const of = (name: string) => beanstalk.send(new DescribeEnvironmentsCommand({ EnvironmentNames: [name] }))
  await applications()
  await of('other-env')
  await expect(of('shop-env')).rejects.toMatchObject({ name: 'Throttling' })
})

test('a fault can wait for its turn, and come by chance', async () => {
  const { applications, faults } = await faulty({ fault: 'throttle', after: 2 })
  await applications()
  await applications()
  await expect(applications()).rejects.toMatchObject({ name: 'Throttling' })
  await faults.arm({ fault: 'throttle', times: 'forever', probability: 0.5 })
  const tries = await Promise.allSettled(Array.from({ length: 64 }, applications))
  const refused = tries.filter(({ status }) => status === 'rejected').length
  // the odds of falling outside are less than one in ten million
  expect(refused).toBeGreaterThan(8)
  expect(refused).toBeLessThan(56)
  expect(faults.list().armed).toMatchObject([{ fault: 'throttle', happened: refused, left: 'forever' }])
})

test.each([3600, -3600])(
  'a clock that is %i s off refuses the first request, and a client that corrects its own goes on',
  async (skew) => {
    const { emulator } = await faulty({ fault: `clock-skew:${skew}` })
    const beanstalk = new ElasticBeanstalkClient({ ...clientOf(emulator), maxAttempts: 3 })
    const { $metadata } = await beanstalk.send(new CheckDNSAvailabilityCommand({ CNAMEPrefix: 'shop' }))
    expect($metadata.attempts).toBe(2)
    const s3 = new S3Client({ ...clientOf(emulator), maxAttempts: 3 })
    expect((await s3.send(new CreateBucketCommand({ Bucket: 'bundles' }))).$metadata.attempts).toBe(2)
    await s3.send(new PutObjectCommand({ Bucket: 'bundles', Key: 'a', Body: 'text' }))
  },
)

test('several faults at one request all happen', async () => {
  const { beanstalk } = await faulty({ fault: 'latency:200', times: 1 }, { fault: 'server-error' })
  const began = performance.now()
  await expect(beanstalk.send(create)).rejects.toMatchObject({ name: 'InternalFailure' })
  expect(performance.now() - began).toBeGreaterThanOrEqual(190)
})
