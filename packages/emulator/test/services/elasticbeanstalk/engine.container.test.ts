import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { DockerRuntime } from '../../../src/runtime/docker.ts'
import { Engine, parseDockerHost } from '../../../src/runtime/engine.ts'
import { type Account, balanced, openAccount, option, property, singleInstance } from './account.ts'
import { answering, crashing } from './application.ts'

const dockerHost = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
const base = 'public.ecr.aws/docker/library/node:24-slim'

function runtimeIn(dir: string) {
  const engine = new Engine(parseDockerHost(dockerHost), systemClock)
  return new DockerRuntime({ engine, dir, clock: systemClock, buildNetwork: 'host' })
}

/** Leaves the engine as it was: images go with their environment. */
async function terminate(account: Account): Promise<void> {
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  expect(await account.settled('shop-env', 60_000)).toMatchObject({ Status: 'Terminated' })
}

function onEngine(files: Record<string, string>): Record<string, string> {
  return { ...files, Dockerfile: files['Dockerfile']!.replace('node:24-slim', base) }
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
  await next.resume()
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
