import { expect, test } from 'vitest'
import { emulatedAccount } from '../deploy/emulated-account.ts'

/** An account whose clock is two hours away, and the calls that it answered since. */
async function skewed() {
  const calls: string[] = []
  const account = await emulatedAccount(undefined, (line) => void calls.push(line))
  const bucket = await account.cloud.beanstalk.createStorageLocation()
  await account.emulator.control.faults.arm({ fault: 'clock-skew:7200' })
  calls.length = 0
  return { ...account, bucket, calls }
}

test('on a machine whose clock is off a call is signed anew with the service’s time', async () => {
  const { cloud, calls } = await skewed()
  await cloud.beanstalk.createApplication({ name: 'shop', tags: {} })
  expect(await cloud.beanstalk.describeApplication('shop')).toBeDefined()
  expect(calls.length).toBeLessThanOrEqual(3)
})

test('there what isn’t there is asked for once more at most, not until the tries are used up', async () => {
  const { cloud, bucket, calls } = await skewed()
  expect(await cloud.bundles.size(bucket, 'nothing')).toBeUndefined()
  expect(await cloud.documents.read(bucket, 'nothing')).toBeUndefined()
  expect(await cloud.roles.describeRole('nobody')).toBeUndefined()
  const heard = calls.filter((line) => !/RequestTimeTooSkewed|SignatureDoesNotMatch|403/.test(line))
  expect(heard).toHaveLength(3)
})

test('there a burst of throttling is still waited out', async () => {
  const { cloud, emulator } = await skewed()
  await emulator.control.faults.arm({ fault: 'throttle', times: 3 })
  expect(await cloud.beanstalk.describeApplication('shop')).toBeUndefined()
})
