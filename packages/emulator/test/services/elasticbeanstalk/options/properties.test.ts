import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkProperties } from '../../../../src/services/elasticbeanstalk/options/properties.ts'
import {
  mergeSettings,
  propertiesOf,
  severityOfChange,
} from '../../../../src/services/elasticbeanstalk/options/settings.ts'
import { options } from '../../../../src/services/elasticbeanstalk/options/table.ts'
import { problemsOf } from '../../../../src/services/elasticbeanstalk/options/validate.ts'

const namespace = 'aws:elasticbeanstalk:application:environment'
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,30}$/)
const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
const settings = (properties: Record<string, string>) =>
  Object.entries(properties).map(([key, text]) => ({ namespace, name: key, value: text }))

test('properties are refused by the byte that is too many, and never quoted', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 120 }), (properties) => {
      const bytes = Object.entries(properties).reduce(
        (sum, pair) => sum + Buffer.byteLength(pair.join('=')),
        0,
      )
      const problems = checkProperties(settings(properties))
      expect(problems.length > 0).toBe(bytes > 4096)
    }),
  )
  const exact = settings({ A: 'x'.repeat(4094) })
  expect(checkProperties(exact)).toEqual([])
  expect(checkProperties(settings({ A: 'x'.repeat(4095) }))).toHaveLength(1)
  expect(checkProperties(settings({ A: 'ü'.repeat(2048) }))).toHaveLength(1)
})

test('what was merged in is there, what was removed is not, and the rest stays', () => {
  fc.assert(
    fc.property(
      fc.dictionary(name, value),
      fc.dictionary(name, value),
      fc.array(name),
      (before, changes, removed) => {
        const removals = removed.map((key) => ({ namespace, name: key }))
        const after = propertiesOf(mergeSettings(settings(before), settings(changes), removals))
        const kept = Object.entries(before).filter(([key]) => !removed.includes(key))
        expect(after).toEqual({ ...Object.fromEntries(kept), ...changes })
      },
    ),
  )
})

test('an empty value takes a property away', () => {
  expect(mergeSettings(settings({ A: 'x' }), settings({ A: '' }), [])).toEqual([])
})

test('names with other characters are refused', () => {
  for (const bad of ['A B', 'A=B', 'ü', 'A$'])
    expect(checkProperties(settings({ [bad]: 'x' }))).toHaveLength(1)
  for (const good of ['A', 'a_b', 'A.B', 'A:B', 'A/B', 'A+B', 'A\\B', 'A-B', 'A@B']) {
    expect(checkProperties(settings({ [good]: 'x' }))).toEqual([])
  }
})

test('every default is a value that its option accepts', () => {
  const type = {
    namespace: 'aws:elasticbeanstalk:environment',
    name: 'LoadBalancerType',
    value: 'application',
  }
  for (const { namespace, name, defaultValue } of options) {
    const setting = { namespace, name, value: defaultValue ?? '' }
    expect(problemsOf([setting], [type], undefined), `${namespace} ${name}`).toEqual([])
  }
})

test('the gravest change decides what happens to the instances', () => {
  const size = { namespace: 'aws:autoscaling:asg', name: 'MinSize', value: '2' }
  const type = { namespace: 'aws:ec2:instances', name: 'InstanceTypes', value: 't3.small' }
  const [property] = settings({ A: 'x' })
  expect(severityOfChange([], [])).toBeUndefined()
  expect(severityOfChange([], [size])).toBe('NoInterruption')
  expect(severityOfChange([size], [size, property!])).toBe('RestartApplicationServer')
  expect(severityOfChange([size, property!], [size])).toBe('RestartApplicationServer')
  expect(severityOfChange([], [size, property!, type])).toBe('RestartEnvironment')
})
