import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sdk from '@aws-sdk/client-elastic-beanstalk'
import { IAMClient } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { systemClock } from '../../../../src/clock.ts'
import { makeInstanceProfile } from '../../iam/account.ts'
import { singleInstance, zipOf } from '../account.ts'

const main = fileURLToPath(new URL('../../../../dist/main.js', import.meta.url))
const killer = fileURLToPath(new URL('die-at-step.cjs', import.meta.url))

/** The built server as a process of its own, on one state directory; it may be started again after it was killed. */
export class RealServer {
  readonly #dir: string
  #child: ChildProcess | undefined
  beanstalk!: sdk.ElasticBeanstalkClient
  #s3!: S3Client
  #iam!: IAMClient

  private constructor(dir: string) {
    this.#dir = dir
  }

  static async open(): Promise<RealServer> {
    if (!existsSync(main)) throw new Error('dist/main.js is not there: build @lucree/emulator first')
    return new RealServer(await mkdtemp(join(tmpdir(), 'lucree-kill-')))
  }

  /** Starts the server; `dieAt` is the change of the file system in the middle of which it is killed, counted from {@link RealServer.count}. */
  async start(dieAt?: number): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--require', killer, main, '--runtime', 'process', '--dir', this.#dir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'], ...(dieAt === undefined ? {} : { LUCREE_DIE_AT: String(dieAt) }) },
      },
    )
    this.#child = child
    let said = ''
    for await (const text of child.stdout.setEncoding('utf8'))
      if ((said += String(text)).includes('\n')) break
    const { url, error } = JSON.parse(said) as { url?: string; error?: { message: string } }
    if (url === undefined) throw new Error(`the server didn't start: ${error?.message}`)
    const account = JSON.parse(await readFile(join(this.#dir, 'account.json'), 'utf8')) as Record<
      string,
      string
    >
    const { accessKeyId = '', secretAccessKey = '' } = account
    const client = {
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    }
    this.beanstalk = new sdk.ElasticBeanstalkClient(client)
    this.#s3 = new S3Client(client)
    this.#iam = new IAMClient(client)
  }

  /** From now on the changes of the file system count. */
  async count(): Promise<void> {
    this.#child!.kill('SIGUSR2')
    await systemClock.sleep(50)
  }

  /** Resolves when the server was killed, or lived for `ms` because it did less than was thought; then it is killed from outside. */
  async death(ms: number): Promise<void> {
    const child = this.#child!
    for (let waited = 0; waited < ms && child.signalCode === null; waited += 20) await systemClock.sleep(20)
    if (child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async version(label: string, files: Record<string, string>): Promise<void> {
    await makeInstanceProfile(this.#iam)
    await this.#s3.send(new CreateBucketCommand({ Bucket: 'bundles' })).catch(() => undefined)
    const object = { Bucket: 'bundles', Key: `${label}.zip` }
    await this.#s3.send(new PutObjectCommand({ ...object, Body: await zipOf(files) }))
    await this.beanstalk.send(
      new sdk.CreateApplicationVersionCommand({
        ApplicationName: 'shop',
        VersionLabel: label,
        AutoCreateApplication: true,
        SourceBundle: { S3Bucket: object.Bucket, S3Key: object.Key },
      }),
    )
  }

  async launch(label: string): Promise<void> {
    await this.beanstalk.send(new sdk.CreateEnvironmentCommand(singleInstance(label)))
  }

  async deploy(label: string): Promise<void> {
    await this.beanstalk.send(
      new sdk.UpdateEnvironmentCommand({ EnvironmentName: 'shop-env', VersionLabel: label }),
    )
  }

  /** The environment, once nothing is under way. */
  async settled(): Promise<sdk.EnvironmentDescription> {
    for (let waited = 0; waited < 30_000; waited += 25) {
      const [found] = (await this.beanstalk.send(new sdk.DescribeEnvironmentsCommand({}))).Environments!
      if (found?.Status === 'Ready') return found
      await systemClock.sleep(25)
    }
    throw new Error(`it is not Ready after 30 s: ${(await this.errors()).join('\n')}`)
  }

  async answer(): Promise<string> {
    return (await fetch(`http://${(await this.settled()).CNAME}/`)).text()
  }

  /** Events that tell of something wrong. */
  async errors(): Promise<string[]> {
    const { Events } = await this.beanstalk.send(new sdk.DescribeEventsCommand({ Severity: 'WARN' }))
    return Events!.map(({ Message }) => Message!)
  }

  /** The environment's id, as soon as there is one; undefined when its launch was never accepted. */
  async environment(): Promise<string | undefined> {
    const { Environments } = await this.beanstalk.send(new sdk.DescribeEnvironmentsCommand({}))
    return Environments![0]?.EnvironmentId
  }

  /** What is there of instances, containers, images and builds. */
  async belongings(): Promise<Record<string, number>> {
    const count = async (path: string) => (await readdir(join(this.#dir, path)).catch(() => [])).length
    return {
      instances: await count('elasticbeanstalk/instances'),
      containers: await count('runtime/process/containers'),
      images: await count('runtime/process/images'),
      builds: await count('runtime/process/builds'),
    }
  }

  /** Ends the server and its applications, and takes the directory away. */
  async close(): Promise<void> {
    const child = this.#child!
    if (child.signalCode === null && child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(this.#dir, { recursive: true, force: true, maxRetries: 5 })
  }
}
