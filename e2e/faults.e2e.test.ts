import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, Sandbox } from './sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await Sandbox.open()
})
afterEach(() => sandbox.close())

/** Every action that a first deploy or a later one calls, as the server's own log tells them; one that neither calls fails the test. */
const ACTIONS = {
  reading: [
    ...['GetCallerIdentity', 'DescribeApplications', 'DescribeEnvironments', 'DescribeEvents'],
    ...['DescribeApplicationVersions', 'DescribeInstancesHealth', 'DescribeConfigurationSettings'],
    ...['ListPlatformVersions', 'DescribeAccountAttributes', 'GetRole', 'GetInstanceProfile'],
    ...['SimulatePrincipalPolicy', 'GetServiceQuota', 'DescribeVpcs'],
    ...['DescribeSubnets', 'DescribeRouteTables', 'DescribeInstanceTypes', 'DescribeInstanceTypeOfferings'],
    ...['GetObject', 'HeadObject', 'HeadBucket', 'ListObjectsV2'],
  ],
  writing: [
    ...['CreateRole', 'AttachRolePolicy', 'CreateInstanceProfile', 'AddRoleToInstanceProfile'],
    ...['CreateStorageLocation', 'CreateApplication', 'CreateApplicationVersion', 'CreateEnvironment'],
    ...['UpdateEnvironment', 'CreateConfigurationTemplate', 'PutObject'],
  ],
}

interface Armed {
  fault: string
  action: string | null
  happened: number
}

/** Speaks to the server about its faults. */
async function faults(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<{ armed: Armed[] }> {
  const text = await readFile(join(sandbox.state, 'server.json'), 'utf8')
  const { url, token } = JSON.parse(text) as { url: string; token: string }
  const answer = await fetch(`${url}/_lucree/faults`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect(answer.ok).toBe(true)
  return (await answer.json()) as { armed: Armed[] }
}

async function deploy(cwd: string, version: string) {
  await writeFile(join(cwd, 'version.txt'), version)
  const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  expect(ran.json(), `${ran.stderr}`).toMatchObject({ outcome: 'deployed' })
  const { url } = ran.json<{ url: string }>()
  expect((await ask(url)).status).toBe(200)
  expect(ran.code).toBe(0)
}

/** What the environment tells since it is there, oldest first. */
async function events(cwd: string): Promise<string[]> {
  const ran = await sandbox.lucree(['events', '--local', '--json'], { cwd })
  return ran.json<{ events: { message: string }[] }>().events.map(({ message }) => message)
}

test.each([
  ['throttle', 2, [...ACTIONS.reading, ...ACTIONS.writing]],
  ['server-error:500', 1, [...ACTIONS.reading, ...ACTIONS.writing]],
  ['server-error:503', 1, [...ACTIONS.reading, ...ACTIONS.writing]],
  ['dropped-connection', 1, [...ACTIONS.reading, ...ACTIONS.writing]],
  ['lost-answer', 1, [...ACTIONS.reading, ...ACTIONS.writing]],
  ['truncated-response', 1, ACTIONS.reading],
  ['latency:200', 2, [...ACTIONS.reading, ...ACTIONS.writing]],
])(
  'a first deploy and a later one meet %s, %i time(s) on each action that they call, and both work, each once',
  async (fault, times, actions) => {
    const cwd = await sandbox.app('no-expose')
    const met = new Set<string | null>()
    for (const version of ['one', 'two']) {
      await faults('DELETE')
      for (const action of actions) await faults('POST', { fault, action, times })
      await deploy(cwd, version)
      const { armed } = await faults('GET')
      // What has happened as often as it was armed for isn't listed any more.
      const unmet = new Set(armed.flatMap(({ action, happened }) => (happened === 0 ? [action] : [])))
      for (const action of actions) if (!unmet.has(action)) met.add(action)
    }
    await faults('DELETE')
    expect(actions.filter((action) => !met.has(action))).toEqual([])
    const told = await events(cwd)
    expect(told.filter((message) => message === 'createEnvironment is starting.')).toHaveLength(1)
    expect(told.filter((message) => message === 'Environment update is starting.')).toHaveLength(1)
  },
)

test('a deploy meets all of them by chance, and works', async () => {
  const cwd = await sandbox.app('no-expose')
  const kinds = ['throttle', 'server-error:500', 'server-error:503', 'dropped-connection', 'lost-answer']
  for (const fault of kinds) await faults('POST', { fault, times: 'forever', probability: 0.02 })
  await faults('POST', { fault: 'latency:100', times: 'forever', probability: 0.2 })
  await deploy(cwd, 'one')
  await deploy(cwd, 'two')
})

test.each([['event-delay:3000'], ['event-duplicates'], ['events-never']])(
  'a deploy follows its environment’s state, whatever %s does to the events',
  async (fault) => {
    const cwd = await sandbox.app('no-expose')
    const armed = await sandbox.lucree(['local', 'fault', 'arm', fault, '--json'])
    expect(armed.json()).toMatchObject({ fault, left: 'forever' })
    await deploy(cwd, 'one')
    await deploy(cwd, 'two')
  },
)

test('a clock that is an hour off is no hindrance', async () => {
  const cwd = await sandbox.app('no-expose')
  await sandbox.lucree(['local', 'fault', 'arm', 'clock-skew:3600'])
  await deploy(cwd, 'one')
})

test('faults are listed with what is armed of them, and cleared', async () => {
  await sandbox.lucree(['local', 'fault', 'arm', 'throttle', '--times', '3', '--action', 'DescribeEvents'])
  const listed = await sandbox.lucree(['local', 'fault', 'list'])
  expect(listed.stdout).toMatch(/^throttle +3 times, of DescribeEvents +A request is refused/m)
  expect(listed.stdout).toMatch(/^latency:<milliseconds> +- +A request waits/m)
  const { faults: table } = (await sandbox.lucree(['local', 'fault', 'list', '--json'])).json<{
    faults: { name: string }[]
  }>()
  expect(table.map(({ name }) => name)).toContain('disk-full')
  expect((await sandbox.lucree(['local', 'fault', 'clear', 'throttle'])).stdout).toBe('Disarmed 1\n')
  expect((await faults('GET')).armed).toEqual([])
})

test('a fault that there isn’t is a usage error with the nearest', async () => {
  const ran = await sandbox.lucree(['local', 'fault', 'arm', 'disk-ful', '--json'])
  expect(ran.code).toBe(2)
  expect(ran.json()).toMatchObject({
    error: {
      code: 'LUC-LOCAL-UNKNOWN-FAULT',
      cause: 'did you mean disk-full?',
      next: ['lucree local fault arm disk-full', 'lucree local fault list'],
    },
  })
})

test('a fault on an instance is named as the cause of a failed deploy', async () => {
  const cwd = await sandbox.app('no-expose')
  await deploy(cwd, 'one')
  for (const [fault, code] of [
    ['disk-full', 'LUC-DEPLOY-DISK-FULL'],
    ['out-of-memory', 'LUC-DEPLOY-BUILD-MEMORY'],
  ]) {
    await faults('POST', { fault })
    await writeFile(join(cwd, 'version.txt'), `${fault}`)
    const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
    expect(ran.code, ran.stdout).toBe(6)
    expect(ran.json()).toMatchObject({ error: { code } })
  }
})
