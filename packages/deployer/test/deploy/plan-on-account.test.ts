import { expect, test } from 'vitest'
import { type OptionKey, PROPERTIES, valueOf } from '../../src/beanstalk/option-settings.ts'
import { untilReady } from '../../src/beanstalk/environment.ts'
import { deploy } from '../../src/deploy/deploy.ts'
import { waiting } from '../../src/deploy/tools.ts'
import { deployRequest } from './deploy-request.ts'
import { emulatedAccount } from './emulated-account.ts'

const of = { application: 'shop', environment: 'shop-production' }
const TIMEOUT = { namespace: 'aws:elasticbeanstalk:command', name: 'Timeout' }
const LOG_LEVEL = { namespace: PROPERTIES, name: 'LOG_LEVEL' }

const READS = /^(GET|HEAD) |^POST \S+ \d+ \w+:(Describe|List|Get|Check|Validate|Simulate)\w+/

test('a dry run makes no call that changes something, from an empty account and on an environment that is there', async () => {
  const calls: string[] = []
  const account = await emulatedAccount(undefined, (line) => {
    if (/^[A-Z]+ \//.test(line)) calls.push(line)
  })
  const tools = account.tools({ graceMs: 20_000 })
  const first = await deploy(await deployRequest(account, { text: 'one', dryRun: true }), tools)
  expect(first).toMatchObject({ outcome: 'planned', outage: null, expectedDurationMs: 186_000 })
  expect(first.cost).toMatchObject({ region: 'us-east-1', beforeMonthly: 0, afterMonthly: 12.52 })
  expect(calls.length).toBeGreaterThan(5)
  expect(calls.filter((call) => !READS.test(call))).toEqual([])

  await deploy(await deployRequest(account, { text: 'one' }), tools)
  calls.length = 0
  const second = await deploy(await deployRequest(account, { text: 'two', dryRun: true }), tools)
  expect(second.steps.map(({ effect }) => effect)).toEqual(['none', 'restart'])
  expect(second.outage).toMatch(/the only instance/)
  expect(second.cost).toMatchObject({ beforeMonthly: 12.52, afterMonthly: 12.52 })
  expect(calls.filter((call) => !READS.test(call))).toEqual([])
})

test('what was changed in the console since the last release is shown and kept, and brought back when asked', async () => {
  const account = await emulatedAccount()
  const tools = account.tools({ graceMs: 20_000 })
  const { beanstalk } = account.cloud
  await deploy(await deployRequest(account, { text: 'one' }), tools)
  const option = async (key: OptionKey) =>
    valueOf(await beanstalk.describeSettings(of.application, of.environment), key)
  expect(await option(TIMEOUT)).toBe('600')

  await beanstalk.updateEnvironment({
    environment: of.environment,
    settings: [
      { ...TIMEOUT, value: '900' },
      { ...LOG_LEVEL, value: 'verbose' },
    ],
  })
  await untilReady(beanstalk, of, waiting(tools))
  const drift = [
    { ...TIMEOUT, was: '600', now: '900' },
    { ...LOG_LEVEL, was: null, now: null },
  ]
  const kept = await deploy(await deployRequest(account, { text: 'one' }), tools)
  expect(kept).toMatchObject({ outcome: 'unchanged', drift: { release: 1, kept: true, options: drift } })
  expect([await option(TIMEOUT), await option(LOG_LEVEL)]).toEqual(['900', 'verbose'])

  const reverted = await deploy(await deployRequest(account, { text: 'one', revertsDrift: true }), tools)
  expect(reverted).toMatchObject({ outcome: 'deployed', drift: { release: 1, kept: false } })
  expect(reverted.steps.map(({ name, effect }) => [name, effect])).toEqual([
    ['set Timeout to 600', 'none'],
    ['remove property LOG_LEVEL', 'restart'],
  ])
  expect([await option(TIMEOUT), await option(LOG_LEVEL)]).toEqual(['600', undefined])
  const after = await deploy(await deployRequest(account, { text: 'one', dryRun: true }), tools)
  expect(after).toMatchObject({ steps: [], drift: null })
})

test('what a release kept of drift is no drift of the next', async () => {
  const account = await emulatedAccount()
  const tools = account.tools({ graceMs: 20_000 })
  const { beanstalk } = account.cloud
  await deploy(await deployRequest(account, { text: 'one' }), tools)
  await beanstalk.updateEnvironment({
    environment: of.environment,
    settings: [{ ...TIMEOUT, value: '900' }],
  })
  await untilReady(beanstalk, of, waiting(tools))
  const deployed = await deploy(await deployRequest(account, { text: 'two' }), tools)
  expect(deployed.drift?.options.map(({ name }) => name)).toEqual(['Timeout'])
  const after = await deploy(await deployRequest(account, { text: 'two', dryRun: true }), tools)
  expect(after).toMatchObject({ steps: [], drift: null })
})
