import {
  CreateApplicationCommand,
  DescribeApplicationsCommand,
  ElasticBeanstalkClient,
} from '@aws-sdk/client-elastic-beanstalk'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { scratch } from '../support/local-account.ts'

const main = join(import.meta.dirname, '../../dist/main.js')
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** The emulator as a process of its own. */
async function server(dir: string) {
  if (!existsSync(main)) throw new Error('dist/main.js is not there: build @lucree/emulator first')
  const words = [main, '--dir', dir, '--runtime', 'process']
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const read = async (name: string) =>
    JSON.parse(await readFile(join(dir, name), 'utf8')) as Record<string, string>
  const account = await read('account.json')
  const { token } = await read('server.json')
  const credentials = {
    accessKeyId: account['accessKeyId']!,
    secretAccessKey: account['secretAccessKey']!,
  }
  const arm = (body: object) =>
    fetch(`${url}/_lucree/faults`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
  const client = new ElasticBeanstalkClient({
    endpoint: url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  })
  return { child, client, arm }
}

test.each([
  ['request-accepted', []],
  ['answer-ready', ['shop']],
])('kill:%s ends the server as kill -9 does, and the next one finds what was done', async (point, found) => {
  const dir = await scratch()
  const first = await server(dir)
  const ended = once(first.child, 'exit')
  expect((await first.arm({ fault: `kill:${point}`, action: 'CreateApplication', keep: true })).status).toBe(
    201,
  )
  await expect(
    first.client.send(new CreateApplicationCommand({ ApplicationName: 'shop' })),
  ).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await ended).toEqual([null, 'SIGKILL'])

  const next = await server(dir)
  const { Applications } = await next.client.send(new DescribeApplicationsCommand({}))
  expect(Applications?.map(({ ApplicationName }) => ApplicationName)).toEqual(found)
  // it has happened: a fault that is kept doesn't end the next server again
  await next.client.send(new CreateApplicationCommand({ ApplicationName: 'other' }))
})
