import fc from 'fast-check'
import { expect, test } from 'vitest'
import { environmentSettings } from '../../src/beanstalk/options.ts'
import type { OptionSetting } from '../../src/beanstalk/option-settings.ts'
import type { DeployTarget } from '../../src/config/target.ts'
import type { Observed } from '../../src/deploy/observe.ts'
import { planDeploy } from '../../src/deploy/plan.ts'
import { deployTarget } from '../deploy-target.ts'

const target = deployTarget({ local: true, healthCheck: '/health' })

function running(
  versionLabel: string,
  proven: boolean,
  settings: OptionSetting[] = environmentSettings(target),
): Observed {
  const description = {
    id: 'e-1',
    name: 'shop-production',
    arn: '',
    application: 'shop',
    status: 'Ready',
    health: 'Green',
    healthStatus: 'Ok',
    versionLabel,
    platformArn: undefined,
    cname: 'shop',
    tier: 'WebServer',
    abortable: false,
    createdAt: undefined,
    updatedAt: undefined,
  }
  const missing = proven ? '' : 'instance i-1 runs another'
  const proof = { proven, environment: description, instances: [], answer: undefined, missing, final: false }
  return { applicationExists: true, versions: [], environment: { description, settings, proof } }
}

const nothing: Observed = { applicationExists: false, versions: [], environment: undefined }
const plan = (observed: Observed, existingVersion: string | undefined, properties: string[] = []) =>
  planDeploy({ target, observed, existingVersion, properties, policy: undefined })

test('from nothing, everything is made, and nothing that serves is touched', () => {
  const { steps, action } = plan(nothing, undefined)
  expect(action).toBe('create')
  expect(steps.map(({ name }) => name)).toEqual([
    'create application shop',
    'upload bundle and register version',
    'create environment shop-production',
  ])
  expect(new Set(steps.map(({ effect }) => effect))).toEqual(new Set(['none']))
})

test('the same content on an environment that proves it is nothing to do', () => {
  expect(plan(running('v1', true), 'v1')).toMatchObject({ action: 'none', steps: [] })
})

test('the same content on an environment that does not prove it is deployed again, and why is said', () => {
  const { steps, action } = plan(running('v1', false), 'v1')
  expect(action).toBe('update')
  expect(steps).toEqual([{ name: 'deploy v1 again', effect: 'restart', reason: 'instance i-1 runs another' }])
})

test('new content is uploaded and restarts the application', () => {
  const { steps, deploysVersion } = plan(running('v1', true), undefined)
  expect(deploysVersion).toBe(true)
  expect(steps.map(({ name, effect }) => [name, effect])).toEqual([
    ['upload bundle and register version', 'none'],
    ['deploy new version', 'restart'],
  ])
})

test('an older version that is there already is deployed without an upload', () => {
  expect(plan(running('v2', true), 'v1').steps.map(({ name }) => name)).toEqual(['deploy new version'])
})

test('a health-check path that differs is set, what was changed in the console otherwise is left', () => {
  const drifted = environmentSettings(target).map((option) =>
    option.name === 'HealthCheckPath'
      ? { ...option, value: '/' }
      : option.name === 'RootVolumeSize'
        ? { ...option, value: '32' }
        : option,
  )
  expect(plan(running('v1', true, drifted), 'v1').settings.map(({ name, value }) => [name, value])).toEqual([
    ['HealthCheckPath', '/health'],
  ])
})

test('one instance behind a load balancer has a gap when an option changes, and none when a version comes', () => {
  const alone: DeployTarget = { ...target, type: 'load-balanced', minInstances: 1, maxInstances: 4 }
  const input = { target: alone, properties: ['COLOUR'], policy: undefined }
  const outageOf = (existingVersion: string | undefined) =>
    planDeploy({ ...input, existingVersion, observed: running('v1', true, environmentSettings(alone)) })
      .outage
  expect(outageOf('v1')).toMatch(/^with one instance a batch is the whole fleet/)
  expect(outageOf(undefined)).toBeNull()
})

test('an environment keeps its fewest instances where the project file names none, and gets those that it names', () => {
  const balanced: DeployTarget = { ...target, type: 'load-balanced', minInstances: 1, maxInstances: 4 }
  const observed = running('v1', true, environmentSettings(balanced))
  const stepsOf = (asked: Partial<DeployTarget>) =>
    planDeploy({
      ...{ target: { ...balanced, minInstances: 2, ...asked }, observed },
      ...{ existingVersion: 'v1', properties: [], policy: undefined },
    }).steps.map(({ name }) => name)
  expect(stepsOf({ minInstancesByDefault: true })).toEqual([])
  expect(stepsOf({ minInstancesByDefault: false })).toEqual(['set MinSize to 2'])
})

test('a plan has steps exactly when it acts, and none of them has another effect than the three', () => {
  const observed = fc.constantFrom(nothing, running('v1', true), running('v1', false), running('v2', true))
  fc.assert(
    fc.property(
      observed,
      fc.option(fc.constantFrom('v1', 'v2'), { nil: undefined }),
      fc.uniqueArray(fc.constantFrom('A', 'B')),
      (seen, version, names) => {
        const { steps, action } = plan(seen, version, names)
        expect(steps.length > 0).toBe(action !== 'none')
        for (const { effect } of steps) expect(['none', 'restart', 'replace']).toContain(effect)
      },
    ),
  )
})

test('a new environment is foreseen with its cost, on AWS with the recorded duration, and touches nothing that serves', () => {
  const ground = { instanceProfile: 'p', serviceRole: 's', instanceType: 't3.micro', network: undefined }
  const asked = { observed: nothing, existingVersion: undefined, properties: [], policy: undefined, ground }
  const plan = planDeploy({ ...asked, target: { ...target, local: false } })
  expect(plan).toMatchObject({ outage: null, expectedDurationMs: 186_000, drift: null })
  expect(plan.cost).toMatchObject({ currency: 'USD', beforeMonthly: 0, afterMonthly: 12.52 })
  expect(planDeploy({ ...asked, target }).expectedDurationMs).toBeNull()
})

test('another instance type replaces the instance, and the plan says the gap, the duration and what it costs more', () => {
  const t3micro = environmentSettings({ ...target, instanceType: 't3.micro' })
  const { steps, outage, expectedDurationMs, cost } = planDeploy({
    ...{ observed: running('v1', true, t3micro), existingVersion: 'v1', properties: [], policy: undefined },
    target: { ...target, local: false, instanceType: 't3.small' },
  })
  expect(steps).toEqual([
    { name: 'set InstanceTypes to t3.small', effect: 'replace', reason: 'it is t3.micro' },
  ])
  expect(outage).toMatch(/replaced: minutes/)
  expect(expectedDurationMs).toBe(360_000)
  expect(cost).toMatchObject({ beforeMonthly: 12.52, afterMonthly: 20.11 })
})

const PROPERTIES = 'aws:elasticbeanstalk:application:environment'
const MONITORING = {
  namespace: 'aws:autoscaling:launchconfiguration',
  name: 'MonitoringInterval',
  value: '1 minute',
}
const drift = {
  release: 7,
  options: [
    { ...MONITORING, was: '5 minute', now: '1 minute' },
    { namespace: PROPERTIES, name: 'LOG_LEVEL', was: null, now: null },
  ],
  revert: {
    settings: [{ ...MONITORING, value: '5 minute' }],
    remove: [{ namespace: PROPERTIES, name: 'LOG_LEVEL' }],
    staying: [],
  },
}
const driftedSettings = [
  ...environmentSettings(target),
  MONITORING,
  { namespace: PROPERTIES, name: 'LOG_LEVEL', value: 'hunter2!' },
]

test('what drifted since the last release is shown and kept', () => {
  const observed = running('v1', true, driftedSettings)
  const asked = { target, observed, existingVersion: 'v1', properties: [], policy: undefined, drift }
  const kept = planDeploy(asked)
  expect(kept).toMatchObject({ action: 'none', settings: [], remove: [], steps: [] })
  expect(kept.drift).toEqual({ release: 7, kept: true, options: drift.options })
})

test('what drifted is reverted when that is asked for, and no value of a property is said', () => {
  const observed = running('v1', true, driftedSettings)
  const asked = { target, observed, existingVersion: 'v1', properties: [], policy: undefined, drift }
  const reverted = planDeploy({ ...asked, revertsDrift: true })
  expect(reverted.settings).toEqual(drift.revert.settings)
  expect(reverted.remove).toEqual(drift.revert.remove)
  expect(reverted.steps).toEqual([
    {
      ...{ name: 'set MonitoringInterval to 5 minute', effect: 'replace' },
      reason: 'it is 1 minute, changed outside lucree since release 7',
    },
    {
      ...{ name: 'remove property LOG_LEVEL', effect: 'restart' },
      reason: 'it was changed outside lucree since release 7',
    },
  ])
  expect(reverted.drift?.kept).toBe(false)
  expect(JSON.stringify(reverted)).not.toContain('hunter2!')
})

test('what the account lacks is part of the plan, before the application that needs it', () => {
  const lacks = [{ name: 'create role shop', reason: 'there is none' }]
  const { steps } = planDeploy({
    ...{ target, observed: nothing, properties: [], policy: undefined, lacks },
    existingVersion: undefined,
  })
  expect(steps.slice(0, 2).map(({ name }) => name)).toEqual(['create role shop', 'create application shop'])
})

test('a policy in batches is refused for a single instance, with those that suit it', () => {
  const asked = { target, observed: nothing, existingVersion: undefined, properties: [] }
  expect(() => planDeploy({ ...asked, policy: 'rolling' })).toThrow('--policy rolling needs a load balancer')
  expect(planDeploy({ ...asked, policy: 'immutable' }).action).toBe('create')
})
