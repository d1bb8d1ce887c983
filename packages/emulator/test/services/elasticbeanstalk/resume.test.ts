import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openAccount, singleInstance } from './account.ts'
import { answering } from './application.ts'

async function running() {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  await account.call('CreateEnvironment', singleInstance('v1'))
  const { CNAME } = await account.settled()
  return { ...account, ask: async () => (await fetch(`http://${CNAME}/`)).text() }
}

/** A file that goes while it is copied begins the copy anew. */
async function copyWhileWritten(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await rm(to, { recursive: true, force: true })
      return await cp(from, to, { recursive: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 50) throw error
    }
  }
}

test('closing stops the applications, and the next server starts them at the same address', async () => {
  const { dir, ask, close, environment } = await running()
  const before = await environment()
  await close()
  await expect(ask()).rejects.toThrow()
  const next = await openAccount({ dir })
  await next.resume()
  expect(await ask()).toBe('one')
  expect(await next.settled()).toMatchObject({ ...before, DateUpdated: expect.any(Date) as Date })
})

test('applications that outlived their server are found again, not started again', async () => {
  const first = await openAccount()
  const files = answering('')
  files['server.js'] = files['server.js']!.replace('+ greeting', '+ process.pid')
  await first.version('v1', files)
  await first.call('CreateEnvironment', singleInstance('v1'))
  const pidAt = async (CNAME: string | undefined) => (await fetch(`http://${CNAME}/`)).text()
  const pid = await pidAt((await first.settled()).CNAME)
  const second = await openAccount({ dir: first.dir })
  await second.resume()
  expect(await pidAt((await second.environment()).CNAME)).toBe(pid)
})

test('an address that somebody has taken is given up for another one, and said so', async () => {
  const { dir, close, environment } = await running()
  const { CNAME } = await environment()
  await close()
  const thief = createServer()
  await new Promise<void>((resolve) => thief.listen(Number(CNAME!.split(':')[1]), '127.0.0.1', resolve))
  try {
    const next = await openAccount({ dir })
    await next.resume()
    const moved = await next.environment()
    expect(moved.CNAME).not.toBe(CNAME)
    expect(await (await fetch(`http://${moved.CNAME}/`)).text()).toBe('one')
    expect(await next.messages()).toContain(
      `WARN Another program has taken ${CNAME}. The environment is now reached at ${moved.CNAME}.`,
    )
  } finally {
    thief.close()
  }
})

test.each([0, 60, 150, 300, 500])(
  'what is on disk %i ms into a deploy is enough to carry it on',
  async (ms) => {
    const { dir, close, ...account } = await running()
    await account.version('v2', answering('two'))
    await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel: 'v2' })
    await systemClock.sleep(ms)
    const snapshot = join(dir, 'snapshot')
    await copyWhileWritten(join(dir, 'elasticbeanstalk'), snapshot)
    await close()
    await cp(snapshot, join(dir, 'elasticbeanstalk'), { recursive: true, force: true })
    const next = await openAccount({ dir })
    await next.resume()
    expect(await next.settled()).toMatchObject({ Status: 'Ready', VersionLabel: 'v2', HealthStatus: 'Ok' })
    const { CNAME } = await next.environment()
    expect(await (await fetch(`http://${CNAME}/`)).text()).toBe('two')
  },
)

test('what another runtime built is built again', async () => {
  const { dir, ask, close, environment } = await running()
  const { EnvironmentId } = await environment()
  await close()
  const file = join(dir, 'elasticbeanstalk', 'environments', `${EnvironmentId}.json`)
  const foreign = (await readFile(file, 'utf8'))
    .replace('"runtime": "process"', '"runtime": "docker"')
    .replace(/"ref": "[^"]*"/, '"ref": "sha256:0123"')
  await writeFile(file, foreign)
  const next = await openAccount({ dir })
  await next.resume()
  expect(await next.settled()).toMatchObject({ Status: 'Ready', HealthStatus: 'Ok', VersionLabel: 'v1' })
  expect(await ask()).toBe('one')
})

test('a launch that was interrupted is carried on', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  await account.call('CreateEnvironment', singleInstance('v1'))
  await systemClock.sleep(100)
  await account.close()
  const next = await openAccount({ dir: account.dir })
  expect(await next.environment()).toMatchObject({ Status: 'Launching' })
  await next.resume()
  expect(await next.settled()).toMatchObject({ Status: 'Ready', HealthStatus: 'Ok' })
})

test('an event that was written in part is dropped, and the next one is whole', async () => {
  const { dir, close, ...account } = await running()
  const { EnvironmentId } = await account.environment()
  const count = (await account.messages()).length
  await close()
  const file = join(dir, 'elasticbeanstalk', 'events', `${EnvironmentId}.jsonl`)
  await writeFile(file, `${await readFile(file, 'utf8')}{"seq":99,"at":"2026-`)
  const next = await openAccount({ dir })
  expect(await next.messages()).toHaveLength(count)
  await next.resume()
  await next.call('RestartAppServer', { EnvironmentName: 'shop-env' })
  await next.settled()
  expect(await (await openAccount({ dir })).messages()).toHaveLength((await next.messages()).length)
})

test('state that is not ours is refused by the name of its file', async () => {
  const { dir } = await openAccount()
  await mkdir(join(dir, 'elasticbeanstalk'), { recursive: true })
  await writeFile(join(dir, 'elasticbeanstalk', 'applications.json'), '[{"name": 3}]')
  await expect(openAccount({ dir })).rejects.toThrow(/applications\.json isn't state/)
})

test('a swap that the end of the server cut in two is completed by the next one', async () => {
  const { dir, close, ...account } = await running()
  await account.version('v2', answering('two'))
  await account.call('CreateEnvironment', { ...singleInstance('v2'), EnvironmentName: 'green-env' })
  const [blue, green] = [await account.environment(), await account.settled('green-env')]
  await close()
  const fileOf = ({ EnvironmentId }: { EnvironmentId?: string | undefined }) =>
    join(dir, 'elasticbeanstalk', 'environments', `${EnvironmentId}.json`)
  const stateOf = async (environment: typeof blue) =>
    JSON.parse(await readFile(fileOf(environment), 'utf8')) as { port: number; cnamePrefix: string }
  const [one, other] = [await stateOf(blue), await stateOf(green)]
  const addresses = [
    { environmentId: blue.EnvironmentId, port: other.port, cnamePrefix: other.cnamePrefix },
    { environmentId: green.EnvironmentId, port: one.port, cnamePrefix: one.cnamePrefix },
  ]
  const operation = { kind: 'swap', requestId: 'swap', startedAt: new Date().toISOString(), addresses }
  // The first environment has its new address already, the second one knows of nothing yet.
  const half = { ...one, ...addresses[0], status: 'Updating', operation }
  await writeFile(fileOf(blue), JSON.stringify(half))
  const next = await openAccount({ dir })
  await next.resume()
  expect(await next.settled()).toMatchObject({ CNAME: green.CNAME, HealthStatus: 'Ok' })
  expect(await next.settled('green-env')).toMatchObject({ CNAME: blue.CNAME, HealthStatus: 'Ok' })
  expect(await (await fetch(`http://${blue.CNAME}/`)).text()).toBe('two')
  expect(await (await fetch(`http://${green.CNAME}/`)).text()).toBe('one')
})
