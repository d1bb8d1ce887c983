import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROPERTIES } from '../../../src/beanstalk/option-settings.ts'
import { keepOptions, savedConfigurationName } from '../../../src/beanstalk/releases/saved-options.ts'
import { type Account, openEmulated } from '../emulated.ts'

let account: Account
beforeAll(async () => {
  account = await openEmulated()
})
afterAll(() => account.close())

const signal = new AbortController().signal
const property = (name: string, value: string) => ({ namespace: PROPERTIES, name, value })

/** An environment of Beanstalk's sample application; nobody waits for it to be ready. */
async function environmentWith(settings: ReturnType<typeof property>[]) {
  const { beanstalk } = account.cloud
  const application = 'shop'
  await beanstalk.createApplication({ name: application, tags: {} }, signal)
  const bucket = await beanstalk.createStorageLocation(signal)
  await account.cloud.documents.write({ bucket, key: 'shop/v1.zip', body: 'a zip', replaces: undefined })
  const version = { application, label: 'v1', description: '', bucket, key: 'shop/v1.zip' }
  await beanstalk.createVersion(version, signal)
  const { arn } = await beanstalk.latestDockerPlatform(signal)
  const { environment } = await beanstalk.createEnvironment(
    {
      ...{ application, environment: 'shop-production', description: '', platformArn: arn },
      ...{ versionLabel: 'v1', tags: {} },
      settings: [
        ...settings,
        { namespace: 'aws:autoscaling:launchconfiguration', name: 'IamInstanceProfile', value: 'p' },
      ],
    },
    signal,
  )
  return { application, environmentId: environment.id }
}

test('a release’s values are kept in Beanstalk, secret ones are replaced by what nobody knows, and saving again replaces', async () => {
  const { configurations } = account.cloud
  const settings = [property('API_TOKEN', 'the-token'), property('COLOUR', 'teal'), property('PIN', '4711')]
  const made = await environmentWith(settings)
  const of = { ...made, environment: 'shop-production', number: 3, settings, declaredSecret: ['PIN'] }
  for (let round = 0; round < 2; round += 1) {
    expect(await keepOptions(configurations, of, signal)).toEqual({
      savedConfiguration: 'lucree-shop-production-3',
      withheld: ['API_TOKEN', 'PIN'],
    })
  }
  const saved = await configurations.read('shop', savedConfigurationName('shop-production', 3), signal)
  const values = new Map(
    saved?.flatMap(({ namespace, name, value }) => (namespace === PROPERTIES ? [[name, value]] : [])),
  )
  expect(values.get('COLOUR')).toBe('teal')
  expect(values.get('API_TOKEN')).toMatch(/^[\w-]{32}$/)
  expect(values.get('PIN')).toMatch(/^[\w-]{32}$/)

  await configurations.remove('shop', 'lucree-shop-production-3', signal)
  await configurations.remove('shop', 'lucree-shop-production-3', signal)
  expect(await configurations.read('shop', 'lucree-shop-production-3', signal)).toBeUndefined()
})
