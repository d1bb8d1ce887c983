import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountCloud } from '../../src/account/ports.ts'
import { connect } from '../../src/aws/connect.ts'
import { Sensitive } from '../../src/config/sensitive.ts'
import { systemClock } from '../../src/clock.ts'
import { LucreeError } from '../../src/errors.ts'

/**
 * lucree's calls against moto's server: an AWS that none of us wrote. Its Elastic Beanstalk has no life cycle, so only the other services are asked.
 */
const ACCOUNT = '123456789012'
const BUCKET = `elasticbeanstalk-us-east-1-${ACCOUNT}`

const isHere = await promisify(execFile)('python3', ['-c', 'import moto.server, flask']).then(
  () => true,
  () => false,
)
const withMoto = test.runIf(isHere)

let server: ChildProcess | undefined
let cloud: AccountCloud
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucree-moto-'))
  if (!isHere) return
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const arguments_ = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  // Without the variable moto knows none of AWS's own policies.
  const env = { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' }
  server = spawn('python3', arguments_, { stdio: 'ignore', env })
  await untilAnswers(endpoint)
  const credentials = { accessKeyId: 'AKIAMOTO', secretAccessKey: 'moto-accepts-any-secret' }
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  cloud = connect({
    region: 'us-east-1',
    endpoint,
    credentials: { ...credentials, secretAccessKey: new Sensitive(credentials.secretAccessKey) },
  })
}, 60_000)

afterAll(async () => {
  if (server && server.exitCode === null) {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
  await rm(dir, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

async function untilAnswers(url: string): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await fetch(url).then(Boolean, () => false)) return
    await systemClock.sleep(100)
  }
  throw new Error('moto did not answer within 20 s')
}

withMoto('STS tells who the caller is', async () => {
  expect(await cloud.identity.describeCaller()).toMatchObject({ accountId: ACCOUNT })
})

withMoto('a bundle of several parts is sent, found, listed and removed', async () => {
  const path = join(dir, 'bundle.zip')
  const bytes = 20 * 1024 * 1024
  await writeFile(path, Buffer.alloc(bytes, 'lucree'))
  const seen: number[] = []
  await cloud.bundles.upload({ bucket: BUCKET, key: 'app/one.zip', path, bytes }, (sent) => seen.push(sent))
  expect(seen.at(-1)).toBe(bytes)
  expect(await cloud.bundles.size(BUCKET, 'app/one.zip')).toBe(bytes)
  expect(await cloud.bundles.size(BUCKET, 'app/two.zip')).toBeUndefined()
  expect(await cloud.bundles.list(BUCKET, 'app/')).toEqual(['app/one.zip'])
  await cloud.bundles.remove(BUCKET, ['app/one.zip'])
  expect(await cloud.bundles.list(BUCKET, 'app/')).toEqual([])
})

withMoto('a document is written once, and replaced only by who has read the last one', async () => {
  const at = { bucket: BUCKET, key: 'lucree/app/environments/e/lock.json' }
  const first = await cloud.documents.write({ ...at, body: '{"owner":1}', replaces: undefined })
  expect(first).toHaveProperty('etag')
  expect(await cloud.documents.write({ ...at, body: '{"owner":2}', replaces: undefined })).toBe('conflict')
  expect(await cloud.documents.read(at.bucket, at.key)).toMatchObject({ body: '{"owner":1}' })
  expect(await cloud.documents.read(at.bucket, 'lucree/nothing')).toBeUndefined()
})

withMoto('a role, its policy and its profile are made, described and removed', async () => {
  const { roles } = cloud
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }
  const tags = { 'lucree:managed': 'true' }
  const policy = 'arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier'
  expect(await roles.describeRole('made')).toBeUndefined()
  await roles.createRole({ name: 'made', description: 'made by a test', trust, tags })
  await roles.attachPolicy('made', policy)
  await roles.createProfile({ name: 'made', tags })
  await roles.addRoleToProfile('made', 'made')
  expect(await roles.describeRole('made')).toMatchObject({ name: 'made', trust, policies: [policy], tags })
  expect(await roles.describeProfile('made')).toMatchObject({ name: 'made', roles: ['made'], tags })
  await roles.removeRoleFromProfile('made', 'made')
  await roles.deleteProfile('made')
  await roles.detachPolicy('made', policy)
  await roles.deleteRole('made')
  expect(await roles.describeRole('made')).toBeUndefined()
  expect(await roles.describeProfile('made')).toBeUndefined()
})

withMoto(
  'the default network is described: VPC, subnets of several zones, routes, security groups',
  async () => {
    const { network } = cloud
    const [vpc] = await network.describeVpcs({ isDefault: true })
    expect(vpc).toMatchObject({ isDefault: true })
    const subnets = await network.describeSubnets({ vpc: vpc?.id ?? '' })
    expect(new Set(subnets.map(({ zone }) => zone)).size).toBeGreaterThan(1)
    expect((await network.describeRouteTables(vpc?.id ?? '')).some(({ main }) => main)).toBe(true)
    expect(await network.describeSecurityGroups({ references: 'sg-00000000' })).toEqual([])
  },
)

withMoto('instance types and the zones that have them are described', async () => {
  const { network } = cloud
  expect(await network.describeInstanceTypes({ names: ['t3.micro'] })).toMatchObject([
    { name: 't3.micro', architectures: ['x86_64'], vcpus: 2, memoryMiB: 1024 },
  ])
  const offered = await network.describeOfferings(['t3.micro'])
  expect(offered.every(({ name, zone }) => name === 't3.micro' && /^us-east-1[a-f]$/.test(zone))).toBe(true)
  expect(offered.length).toBeGreaterThan(1)
})

withMoto('what moto refuses arrives as one of our errors', async () => {
  const lost = cloud.roles.attachPolicy('nobody', 'arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier')
  await expect(lost).rejects.toBeInstanceOf(LucreeError)
})
