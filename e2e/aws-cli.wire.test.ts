import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ran, Sandbox } from './sandbox.ts'

/** The AWS CLI is an independent reader of the protocol: it knows nothing of the schemas that the emulator writes with. */
let sandbox: Sandbox
let cwd: string
let version: string

beforeAll(async () => {
  sandbox = await Sandbox.open()
  cwd = await sandbox.app('no-expose')
  const deployed = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  version = deployed.json<{ version: string }>().version
})
afterAll(() => sandbox.close())

/** A shell that does what the README says. */
function shell(line: string): Promise<Ran> {
  return sandbox.program('bash', ['-c', `eval "$("$NODE" "$LUCREE" local env)"; ${line}`], {
    NODE: process.execPath,
    LUCREE: new URL('../packages/deployer/bin/lucree.js', import.meta.url).pathname,
  })
}

const beanstalk = async (line: string) => {
  const ran = await shell(`aws elasticbeanstalk ${line} --output json`)
  expect(ran.stderr).toBe('')
  return ran.json()
}

test('describe-environments prints what was deployed', async () => {
  expect(await beanstalk('describe-environments')).toMatchObject({
    Environments: [
      { EnvironmentName: 'no-expose-production', VersionLabel: version, Status: 'Ready', Health: 'Green' },
    ],
  })
})

test('describe-events prints the events, newest first', async () => {
  const { Events } = (await beanstalk('describe-events --environment-name no-expose-production')) as {
    Events: { Message: string; EventDate: string }[]
  }
  const dates = Events.map(({ EventDate }) => Date.parse(EventDate))
  expect(dates).toEqual([...dates].sort((one, other) => other - one))
  expect(Events.map(({ Message }) => Message)).toContain('createEnvironment is starting.')
})

test('describe-configuration-settings prints the settings', async () => {
  const settings = await beanstalk(
    'describe-configuration-settings --application-name no-expose --environment-name no-expose-production',
  )
  expect(JSON.stringify(settings)).toContain('"DisableIMDSv1"')
})

test('a wrong secret key is refused with SignatureDoesNotMatch', async () => {
  const ran = await shell('AWS_SECRET_ACCESS_KEY=wrong aws elasticbeanstalk describe-environments')
  expect(ran.code).not.toBe(0)
  expect(ran.stderr).toContain('SignatureDoesNotMatch')
})

test('get-caller-identity and s3 ls work with the same four lines', async () => {
  expect((await shell('aws sts get-caller-identity')).json()).toMatchObject({
    Account: expect.stringMatching(/^\d{12}$/) as string,
  })
  expect((await shell('aws s3 ls')).stdout).toContain('elasticbeanstalk-us-east-1-')
})
