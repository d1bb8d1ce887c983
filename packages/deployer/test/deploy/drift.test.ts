import { expect, test } from 'vitest'
import { type OptionSetting, PROPERTIES } from '../../src/beanstalk/option-settings.ts'
import { rememberedOptions } from '../../src/beanstalk/releases/release-options.ts'
import { describeDrift, driftedOptions } from '../../src/deploy/drift.ts'

const KEY = 'a'.repeat(64)
const ASG = 'aws:autoscaling:asg'
const option = (namespace: string, name: string, value: string): OptionSetting => ({ namespace, name, value })
const then = [
  option(ASG, 'MaxSize', '4'),
  option(ASG, 'Cooldown', '360'),
  option(PROPERTIES, 'LOG_LEVEL', 'info'),
  option(PROPERTIES, 'API_TOKEN', 'correct horse'),
]
const release = rememberedOptions(then, KEY)
const replaced = (name: string, value: string) =>
  then.map((setting) => (setting.name === name ? { ...setting, value } : setting))

test('nothing has drifted while all is as the release left it', () => {
  expect(driftedOptions(release, then, KEY)).toEqual([])
})

test('a changed, an added and a removed option are told with what they were and are', () => {
  const now = [...replaced('MaxSize', '8').filter(({ name }) => name !== 'Cooldown')]
  const drifted = driftedOptions(release, [...now, option(ASG, 'EnableCapacityRebalancing', 'true')], KEY)
  expect(drifted.map(describeDrift)).toEqual([
    'MaxSize was 4 and is 8',
    'Cooldown was 360 and is not set',
    'EnableCapacityRebalancing was not set and is true',
  ])
})

test('a property is told by its name alone', () => {
  const drifted = driftedOptions(release, replaced('API_TOKEN', 'battery staple'), KEY)
  expect(drifted).toEqual([{ namespace: PROPERTIES, name: 'API_TOKEN', was: null, now: null }])
  expect(drifted.map(describeDrift)).toEqual(['property API_TOKEN'])
})

test("under another user's key only names of properties are compared", () => {
  expect(driftedOptions(release, replaced('API_TOKEN', 'battery staple'), 'b'.repeat(64))).toEqual([])
  const without = then.filter(({ name }) => name !== 'LOG_LEVEL')
  expect(driftedOptions(release, without, 'b'.repeat(64)).map(({ name }) => name)).toEqual(['LOG_LEVEL'])
})
