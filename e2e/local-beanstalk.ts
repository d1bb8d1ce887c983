import {
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
  TerminateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { S3Client } from '@aws-sdk/client-s3'
import { setTimeout as delay } from 'node:timers/promises'
import { signerOf } from '../packages/emulator/src/http/signature.ts'
import type { Sandbox } from './sandbox.ts'

/** Where `lucree local env` leads AWS's own tools. */
async function reached(sandbox: Sandbox) {
  const env = (await sandbox.lucree(['local', 'env', '--json'])).json<Record<string, string>>()
  return {
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  }
}

/** The AWS SDK's clients of a sandbox's account. */
export async function clientsOf(sandbox: Sandbox) {
  const connection = await reached(sandbox)
  return {
    beanstalk: new ElasticBeanstalkClient(connection),
    s3: new S3Client({ ...connection, forcePathStyle: true }),
  }
}

export async function beanstalkOf(sandbox: Sandbox): Promise<ElasticBeanstalkClient> {
  return (await clientsOf(sandbox)).beanstalk
}

/** All that the account holds, by the running server's own word: what a command that changes nothing leaves as it was. */
export async function inventoryOf(sandbox: Sandbox): Promise<string[]> {
  const { endpoint, region, credentials } = await reached(sandbox)
  const { host, hostname, port } = new URL(endpoint)
  const path = '/_lucree/inventory'
  const to = { protocol: 'http:', hostname, port: Number(port), path, query: {} }
  const { headers } = await signerOf(credentials, region, 'sts').sign(
    { ...to, method: 'GET', headers: { host } },
    { signingDate: new Date() },
  )
  const answer = await fetch(`${endpoint}${path}`, { headers })
  const { inventory } = (await answer.json()) as { inventory?: string[] }
  if (!inventory) throw new Error(`no inventory: ${answer.status}`)
  return inventory
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
