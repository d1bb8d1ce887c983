import { expect, test } from 'vitest'
import { ENVIRONMENT_OPTIONS } from '../../src/beanstalk/options.ts'
import { effectOf, heaviest, outageOf } from '../../src/deploy/effects.ts'
import { expectedDurationMs } from '../../src/deploy/expected-duration.ts'

test('properties restart, what instances are launched with replaces them, how a deploy is done touches nothing', () => {
  const property = { namespace: 'aws:elasticbeanstalk:application:environment', name: 'TOKEN' }
  expect(effectOf(property)).toBe('restart')
  expect(effectOf({ namespace: 'aws:ec2:instances', name: 'InstanceTypes' })).toBe('replace')
  expect(effectOf({ namespace: 'aws:elasticbeanstalk:command', name: 'DeploymentPolicy' })).toBe('none')
  expect(effectOf({ namespace: 'aws:elasticbeanstalk:environment', name: 'EnvironmentType' })).toBe('replace')
  expect(effectOf({ namespace: 'aws:elasticbeanstalk:environment', name: 'ServiceRole' })).toBe('none')
})

test('an option that the table does not know is taken to restart', () => {
  expect(effectOf({ namespace: 'aws:something:new', name: 'Option' })).toBe('restart')
})

test('every option that lucree sends has a rule of its own namespace', () => {
  for (const option of ENVIRONMENT_OPTIONS.filter(({ followsProject }) => followsProject)) {
    expect(['none', 'replace'], `${option.namespace} ${option.name}`).toContain(effectOf(option))
  }
})

test('the heaviest effect counts', () => {
  expect(heaviest([])).toBe('none')
  expect(heaviest(['none', 'replace', 'restart'])).toBe('replace')
})

test('a single instance and a fleet that is changed at once have a gap, rolling and immutable ones have none', () => {
  const fleet = (type: 'single' | 'load-balanced', policy: string, instances = 2) => ({
    type,
    policy,
    instances,
  })
  expect(outageOf('restart', fleet('single', 'AllAtOnce', 1))).toMatch(/some seconds/)
  expect(outageOf('restart', fleet('load-balanced', 'AllAtOnce'))).toMatch(/all-at-once/)
  expect(outageOf('restart', fleet('load-balanced', 'Rolling', 1))).toMatch(/whole fleet/)
  expect(outageOf('restart', fleet('load-balanced', 'Rolling'))).toBeUndefined()
  const additional = fleet('load-balanced', 'RollingWithAdditionalBatch', 1)
  expect(outageOf('restart', { ...additional, deploysVersion: true })).toBeUndefined()
  expect(outageOf('restart', additional)).toMatch(/^with one instance .* only with a version$/)
  expect(outageOf('restart', { ...additional, instances: 2 })).toBeUndefined()
  expect(outageOf('restart', fleet('single', 'Immutable', 1))).toBeUndefined()
  expect(outageOf('none', fleet('single', 'AllAtOnce', 1))).toBeUndefined()
})

test('instances are replaced without a gap only by rolling updates, whatever the deployment policy says', () => {
  const single = { type: 'single', policy: 'Immutable', instances: 1 } as const
  const fleet = { type: 'load-balanced', policy: 'Rolling', instances: 2 } as const
  expect(outageOf('replace', single)).toMatch(/minutes/)
  expect(outageOf('replace', fleet)).toMatch(/without rolling updates/)
  expect(outageOf('replace', { ...fleet, replacement: 'rolling' })).toBeUndefined()
  expect(outageOf('replace', { ...fleet, replacement: 'rolling', instances: 1 })).toMatch(/minutes/)
  expect(outageOf('replace', { ...single, replacement: 'immutable' })).toBeUndefined()
})

test('the expected duration is that of the recorded runs', () => {
  const single = { type: 'single', policy: 'AllAtOnce', instances: 1 } as const
  expect(expectedDurationMs('none', 'none', single)).toBe(0)
  expect(expectedDurationMs('create', 'none', single)).toBe(186_000)
  expect(expectedDurationMs('update', 'restart', single)).toBe(79_000)
  expect(
    expectedDurationMs('update', 'restart', { type: 'load-balanced', policy: 'Rolling', instances: 2 }),
  ).toBe(352_000)
})
