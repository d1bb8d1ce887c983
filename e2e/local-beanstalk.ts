import {
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
  TerminateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { S3Client } from '@aws-sdk/client-s3'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sandbox } from './sandbox.ts'

/** The AWS SDK's clients of a sandbox's account, as `lucree local env` leads them there. */
export async function clientsOf(sandbox: Sandbox) {
  const ran = await sandbox.lucree(['local', 'env', '--json'])
  const env = ran.json<Record<string, string>>()
  const connection = {
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  }
  return {
    beanstalk: new ElasticBeanstalkClient(connection),
    s3: new S3Client({ ...connection, forcePathStyle: true }),
  }
}

export async function beanstalkOf(sandbox: Sandbox): Promise<ElasticBeanstalkClient> {
  return (await clientsOf(sandbox)).beanstalk
}

/** What an environment is, undefined when there is none that wasn't terminated. */
export async function environmentOf(client: ElasticBeanstalkClient, name: string) {
  const command = new DescribeEnvironmentsCommand({ EnvironmentNames: [name], IncludeDeleted: false })
  return (await client.send(command)).Environments?.[0]
}

/** Terminates an environment, if it is there, and waits until it is gone: an account has five elastic addresses. */
export async function terminate(client: ElasticBeanstalkClient, name: string): Promise<void> {
  if (!(await environmentOf(client, name))) return
  await client.send(new TerminateEnvironmentCommand({ EnvironmentName: name, ForceTerminate: true }))
  for (let look = 0; look < 300 && (await environmentOf(client, name)); look += 1) await delay(100)
}
