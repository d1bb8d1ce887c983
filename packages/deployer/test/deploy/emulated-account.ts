import { startEmulator, type Emulator } from '@lucree/emulator'
import { ZipArchive } from 'archiver'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { AccountCloud } from '../../src/account/ports.ts'
import { connect } from '../../src/aws/connect.ts'
import { INSTANCE_PROFILE } from '../../src/beanstalk/options.ts'
import { bundleKey } from '../../src/beanstalk/upload.ts'
import { systemClock } from '../../src/clock.ts'
import { Sensitive } from '../../src/config/sensitive.ts'
import type { ProgressEvent } from '../../src/deploy/progress.ts'
import type { Tools } from '../../src/deploy/tools.ts'

/** An account of the emulator that is gone after the test, and what lucree reaches it with. */
export interface EmulatedAccount {
  dir: string
  emulator: Emulator
  cloud: AccountCloud
  /** Beanstalk's bucket, which may not be there. */
  bucket: string
  said: ProgressEvent[]
  tools(more?: Partial<Tools>): Tools
  /** What the SDK's own clients are made with. */
  client: { endpoint: string; region: string; credentials: Emulator['credentials'] }
}

/** `log` hears each call as the server answered it. */
export async function emulatedAccount(
  account?: string,
  log: (line: string) => void = () => undefined,
): Promise<EmulatedAccount> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-account-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const emulator = await startEmulator({
    dir: join(dir, 'state'),
    runtime: 'process',
    log,
    ...(account ? { account } : {}),
  })
  onTestFinished(() => emulator.close())
  const { url, region, credentials, accountId } = emulator
  const cloud = connect({
    region,
    endpoint: url,
    credentials: { ...credentials, secretAccessKey: new Sensitive(credentials.secretAccessKey) },
  })
  const said: ProgressEvent[] = []
  return {
    ...{ dir, emulator, cloud, said },
    bucket: `elasticbeanstalk-${region}-${accountId}`,
    client: { endpoint: url, region, credentials },
    tools: (more = {}) => ({
      cloud,
      clock: systemClock,
      progress: { emit: (event) => void said.push(event) },
      signal: new AbortController().signal,
      deadline: systemClock.now() + 60_000,
      intervalMs: 50,
      graceMs: 3_000,
      steadyMs: 0,
      probeMs: 50,
      ...more,
    }),
  }
}

const SERVER = `
const { createServer } = require('node:http')
const server = createServer((request, response) => response.end('hello'))
server.listen(8080)
process.on('SIGTERM', () => server.close())
`
const DOCKERFILE = `FROM node:24\nCOPY server.js ./\nEXPOSE 8080\nCMD ["node", "server.js"]\n`

/** A version of an application with its bundle; the application is made when it isn't there. Answers its label. */
export async function addVersion(
  { cloud, dir }: EmulatedAccount,
  application: string,
  label = 'v1',
): Promise<string> {
  const bucket = await cloud.beanstalk.createStorageLocation()
  if (!(await cloud.beanstalk.describeApplication(application))) {
    await cloud.beanstalk.createApplication({ name: application, tags: {} })
  }
  const archive = new ZipArchive()
  const zip = buffer(archive)
  archive.append(DOCKERFILE, { name: 'Dockerfile' })
  archive.append(`${SERVER}// ${label}\n`, { name: 'server.js' })
  await archive.finalize()
  const path = join(dir, 'bundle.zip')
  await writeFile(path, await zip)
  const key = bundleKey(application, label)
  await cloud.bundles.upload({ bucket, key, path, bytes: (await stat(path)).size }, () => undefined)
  await cloud.beanstalk.createVersion({ application, label, description: '', bucket, key })
  return label
}

/** Asks for an environment of one instance, with roles of somebody else's when there are none, and waits until it is Ready unless `wait` is false. */
export async function addEnvironment(
  account: EmulatedAccount,
  application: string,
  name: string,
  { label = 'v1', wait = true } = {},
): Promise<string> {
  const { beanstalk, roles } = account.cloud
  if (!(await roles.describeProfile(INSTANCE_PROFILE))) await addRoles(account, application, false)
  const setting = (namespace: string, option: string, value: string) => ({ namespace, name: option, value })
  const { environment } = await beanstalk.createEnvironment({
    application,
    environment: name,
    description: '',
    platformArn: (await beanstalk.latestDockerPlatform()).arn,
    versionLabel: label,
    settings: [
      setting('aws:elasticbeanstalk:environment', 'EnvironmentType', 'SingleInstance'),
      setting('aws:elasticbeanstalk:healthreporting:system', 'SystemType', 'enhanced'),
      setting('aws:autoscaling:launchconfiguration', 'IamInstanceProfile', INSTANCE_PROFILE),
      setting('aws:elasticbeanstalk:cloudwatch:logs', 'StreamLogs', 'true'),
      setting('aws:elasticbeanstalk:cloudwatch:logs', 'DeleteOnTerminate', 'false'),
    ],
    tags: {},
  })
  for (let look = 0; wait && look < 400; look += 1) {
    const [now] = await beanstalk.describeEnvironments({ application, environment: name })
    if (now?.status === 'Ready') break
    await systemClock.sleep(50)
  }
  return environment.id
}

/** Roles and profile as lucree makes them, or with `managed: false` as somebody else does. */
export async function addRoles(
  { cloud }: EmulatedAccount,
  application: string,
  managed = true,
): Promise<void> {
  const tags: Record<string, string> = managed
    ? { 'lucree:managed': 'true', 'lucree:application': application }
    : {}
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }
  const { roles } = cloud
  await roles.createRole({ name: INSTANCE_PROFILE, description: '', trust, tags })
  await roles.attachPolicy(INSTANCE_PROFILE, 'arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier')
  await roles.createProfile({ name: INSTANCE_PROFILE, tags })
  await roles.addRoleToProfile(INSTANCE_PROFILE, INSTANCE_PROFILE)
}
