import { expect, test } from 'vitest'
import type { Faults, FaultVerdict } from '../../../src/services/elasticbeanstalk/faults.ts'
import { openAccount, option, property, singleInstance } from './account.ts'
import { answering } from './application.ts'

const named = { EnvironmentName: 'shop-env' }

/** The first update does its work and never ends. */
function stuckOnce(): Faults {
  let isStuck = false
  return {
    at: async (point, { operation }, signal): Promise<FaultVerdict> => {
      if (point !== 'operation ending' || operation !== 'update' || isStuck) return 'proceed'
      isStuck = true
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      )
    },
  }
}

/** An environment whose update has done its work, hangs and was then aborted. */
async function abortedLate(update: object, done: string) {
  const account = await openAccount({ faults: stuckOnce() })
  await account.version('v1', answering('one '))
  await account.version('v2', answering('two '))
  await account.call('CreateEnvironment', singleInstance('v1', property('GREETING', 'first')))
  await account.settled()
  await account.send('UpdateEnvironment', { ...named, ...update }, 'change')
  await expect.poll(() => account.messages(), { timeout: 10_000 }).toContain(`INFO ${done}`)
  await account.send('AbortEnvironmentUpdate', named, 'abort')
  const environment = await account.settled()
  const { ConfigurationSettings } = await account.call('DescribeConfigurationSettings', {
    ApplicationName: 'shop',
    ...named,
  })
  const value = (name: string) =>
    ConfigurationSettings?.[0]?.OptionSettings?.find(({ OptionName }) => OptionName === name)?.Value
  const { InstanceHealthList: [instance] = [] } = await account.call('DescribeInstancesHealth', {
    ...named,
    AttributeNames: ['Deployment'],
  })
  const body = await (await fetch(`http://${environment.CNAME}/`)).text()
  const last = (await account.messages({ RequestId: 'change' })).at(-1)
  return { environment, value, instance, body, last }
}

const reverted = 'ERROR The environment was reverted to the previous configuration setting.'

test('a change of settings that had done its work is taken back by an abort, in the settings and on the instances', async () => {
  const { environment, value, instance, body, last } = await abortedLate(
    { OptionSettings: [property('GREETING', 'second'), property('NEW', 'yes')] },
    'Successfully deployed new configuration to environment.',
  )
  expect(environment).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect([value('GREETING'), value('NEW')]).toEqual(['first', undefined])
  expect(body).toBe('one first')
  expect(instance?.Deployment).toMatchObject({ VersionLabel: 'v1', Status: 'Deployed', DeploymentId: 1 })
  expect(last).toBe(reverted)
})

test('so is the version that came with it', async () => {
  const { environment, value, body } = await abortedLate(
    { VersionLabel: 'v2', OptionSettings: [property('GREETING', 'second')] },
    'Environment update completed successfully.',
  )
  expect(environment).toMatchObject({ VersionLabel: 'v1', HealthStatus: 'Ok' })
  expect(value('GREETING')).toBe('first')
  expect(body).toBe('one first')
})

test('a version that every instance has by then stays, and so do instances that were exchanged', async () => {
  const version = await abortedLate({ VersionLabel: 'v2' }, 'Environment update completed successfully.')
  expect(version.environment).toMatchObject({ VersionLabel: 'v2', HealthStatus: 'Ok' })
  expect(version.body).toBe('two first')
  expect(version.last).toBe('INFO Environment update completed successfully.')

  const exchanged = await abortedLate(
    { OptionSettings: [option('aws:ec2:instances', 'InstanceTypes', 't3.small')] },
    'Successfully deployed new configuration to environment.',
  )
  expect(exchanged.value('InstanceTypes')).toBe('t3.small')
  expect(exchanged.last).toBe('INFO Successfully deployed new configuration to environment.')
})
