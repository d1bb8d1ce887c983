import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import type {
  FaultPoint,
  Faults,
  FaultSubject,
  FaultVerdict,
} from '../../../src/services/elasticbeanstalk/faults.ts'
import { ServiceError } from '../../../src/services/service.ts'
import { openAccount, singleInstance } from './account.ts'
import { answering } from './application.ts'

type Answer = (subject: FaultSubject, signal?: AbortSignal) => Promise<FaultVerdict>

/** Goes wrong at one point only; tells what it was asked. */
function faultsAt(point: FaultPoint, answer: Answer): Faults & { asked: Set<FaultPoint> } {
  const asked = new Set<FaultPoint>()
  return {
    asked,
    at: async (now, subject, signal) => {
      asked.add(now)
      return now === point ? answer(subject, signal) : 'proceed'
    },
  }
}

async function launched(faults: Faults) {
  const account = await openAccount({ faults })
  await account.version('v1', answering('one'))
  await account.call('CreateEnvironment', singleInstance('v1'))
  return account
}

test('faults are asked at every point of a launch', async () => {
  const faults = faultsAt('event written', async () => 'proceed')
  await (await launched(faults)).settled()
  expect([...faults.asked].sort()).toEqual([
    'command executing',
    'event written',
    'health computed',
    'instance launching',
    'launch tried',
    'operation beginning',
    'operation ending',
    'request accepted',
  ])
})

test('events that are skipped never come, and those that are repeated come twice', async () => {
  const account = await launched(
    faultsAt('event written', async ({ message }) => {
      if (message === 'createEnvironment is starting.') return 'skip'
      return message?.startsWith('Successfully launched') ? 'repeat' : 'proceed'
    }),
  )
  await account.settled()
  const messages = await account.messages()
  expect(messages).not.toContain('INFO createEnvironment is starting.')
  expect(messages.filter((message) => message.startsWith('INFO Successfully launched'))).toHaveLength(2)
})

test('an error at a request is answered to its caller', async () => {
  const throttled = new ServiceError('Throttling', 'Rate exceeded')
  const account = await openAccount({
    faults: faultsAt('request accepted', async ({ action }) => {
      if (action === 'DescribeEvents') throw throttled
      return 'proceed'
    }),
  })
  await expect(account.call('DescribeEvents', {})).rejects.toBe(throttled)
  await account.call('DescribeEnvironments', {})
})

test('an operation whose end never comes stays under way until the server is closed', async () => {
  const never = (signal?: AbortSignal) =>
    new Promise<FaultVerdict>((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    )
  const account = await launched(faultsAt('operation ending', (_, signal) => never(signal)))
  await expect
    .poll(() => account.messages(), { timeout: 10_000 })
    .toContain('INFO Successfully launched environment: shop-env')
  await systemClock.sleep(100)
  expect(await account.environment()).toMatchObject({ Status: 'Launching' })
  await account.close()
})
