import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Account, balanced, openAccount, option, property, singleInstance } from './account.ts'
import { answering, crashing, unbuildable } from './application.ts'
import { allImages, BASE, leftOf, runtimeIn } from '../../runtime/engine-under-test.ts'

/** Leaves the engine as it was: images go with their environment. */
async function terminate(account: Account): Promise<void> {
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  expect(await account.settled('shop-env', 60_000)).toMatchObject({ Status: 'Terminated' })
}

/** The same application on the base image that engines have. As its container's first process it ends at SIGTERM only when it says so; then nothing waits for the grace. */
function onEngine(files: Record<string, string>): Record<string, string> {
  const Dockerfile = files['Dockerfile']!.replace('node:24-slim', BASE)
  const server = files['server.js']
  const ends = "process.on('SIGTERM', () => process.exit(0));"
  return { ...files, Dockerfile, ...(server === undefined ? {} : { 'server.js': ends + server }) }
}

test('an engine launches, changes, redeploys, fails and terminates an environment', async () => {
  const account = await openAccount({ runtimeIn })
  await account.version('v1', onEngine(answering('one ')))
  await account.version('v2', onEngine(crashing()))
  await account.call('CreateEnvironment', singleInstance('v1'))
  const { CNAME, HealthStatus } = await account.settled('shop-env', 60_000)
  expect(HealthStatus).toBe('Ok')
  const ask = async () => (await fetch(`http://${CNAME}/`)).text()
  const greeting = [property('GREETING', 'a,b=c "d" $e \\ ü')]
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', OptionSettings: greeting })
  await account.settled('shop-env', 60_000)
  expect(await ask()).toBe('one a,b=c "d" $e \\ ü')
  await account.send('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' }, 'crash')
  expect(await account.settled('shop-env', 60_000)).toMatchObject({
    VersionLabel: 'v1',
    HealthStatus: 'Degraded',
  })
  expect(await account.messages({ RequestId: 'crash' })).toContain(
    'ERROR Instance deployment: The Docker container unexpectedly ended after it was started.',
  )
  expect(await ask()).toBe('one a,b=c "d" $e \\ ü')
  await account.close()
  const next = await openAccount({ dir: account.dir, runtimeIn })
  expect(await leftOf(join(account.dir, 'runtime'))).toEqual({ containers: [], images: [] })
  await next.resume()
  // What the engine had was taken out of it, so that it is built again.
  await next.settled('shop-env', 60_000)
  expect(await ask()).toBe('one a,b=c "d" $e \\ ü')
  await terminate(next)
})

test.each([
  ['on another port', { listen: 8081 }],
  ['on 127.0.0.1 only', { host: '127.0.0.1' }],
])('on an engine too, an application that listens %s is deployed and Severe', async (_, listening) => {
  const account = await openAccount({ runtimeIn })
  await account.version('v1', onEngine(answering('one', listening)))
  await account.call('CreateEnvironment', singleInstance('v1'))
  expect(await account.settled('shop-env', 60_000)).toMatchObject({ HealthStatus: 'Severe' })
  await terminate(account)
})

test('an engine rolls a version out over two instances without losing a request', async () => {
  const account = await openAccount({ runtimeIn })
  const rolling = [
    option('aws:elasticbeanstalk:command', 'DeploymentPolicy', 'Rolling'),
    option('aws:elasticbeanstalk:command', 'BatchSize', '50'),
  ]
  await account.version('v1', onEngine(answering('one')))
  await account.version('v2', onEngine(answering('two')))
  await account.call('CreateEnvironment', balanced('v1', 2, ...rolling))
  const { CNAME } = await account.settled('shop-env', 60_000)
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' })
  const answers = new Set<string>()
  while ((await account.environment()).Status === 'Updating') {
    const response = await fetch(`http://${CNAME}/slow`)
    answers.add(`${response.status} ${await response.text()}`)
  }
  expect(await account.environment()).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
  expect([...answers].filter((answer) => !/^200 (one|two)$/.test(answer))).toEqual([])
  await terminate(account)
})

test('twenty deploys, three failed builds and the end of the environment leave nothing in an engine', async () => {
  const before = await allImages()
  const account = await openAccount({ runtimeIn })
  const left = () => leftOf(join(account.dir, 'runtime'))
  await account.version('v0', onEngine(answering('0')))
  await account.call('CreateEnvironment', singleInstance('v0'))
  expect(await account.settled('shop-env', 60_000)).toMatchObject({ HealthStatus: 'Ok' })
  for (let turn = 1; turn < 20; turn += 1) {
    await account.version(`v${turn}`, onEngine(answering(String(turn))))
    await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: `v${turn}` })
    await account.settled('shop-env', 60_000)
  }
  const { CNAME } = await account.environment()
  expect(await (await fetch(`http://${CNAME}/`)).text()).toBe('19')
  for (let turn = 1; turn <= 3; turn += 1) {
    await account.version(`broken${turn}`, onEngine(unbuildable()))
    await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: `broken${turn}` })
    expect(await account.settled('shop-env', 60_000)).toMatchObject({ VersionLabel: 'v19' })
  }
  const one = await left()
  expect([one.containers.length, one.images.length]).toEqual([1, 1])
  await terminate(account)
  expect(await left()).toEqual({ containers: [], images: [] })
  expect(await allImages()).toEqual(before)
})
