import { expect, test } from 'vitest'
import type { AccountCloud } from '../../src/account/ports.ts'
import type { BeanstalkEvent, EnvironmentDescription } from '../../src/beanstalk/ports.ts'
import { createEnvironment } from '../../src/deploy/create-environment.ts'
import type { ProgressEvent } from '../../src/deploy/progress.ts'
import { CloudError } from '../../src/errors.ts'
import { ManualClock } from '../manual-clock.ts'

const request = {
  ...{ application: 'shop', environment: 'shop-production', description: '', platformArn: '' },
  ...{ versionLabel: 'v1', settings: [], tags: {} },
}
const environment = { name: 'shop-production', status: 'Launching' } as EnvironmentDescription
const unseen =
  'The instance profile aws-elasticbeanstalk-ec2-role associated with the environment does not exist.'
const event = (requestId: string | undefined, message: string): BeanstalkEvent => {
  return { at: new Date(), severity: 'INFO', message, requestId }
}
const refusal = (why: string) =>
  new CloudError('CreateEnvironment was refused', {
    ...{ code: 'LUC-AWS-ConfigurationValidation', awsCode: 'ConfigurationValidationException', why },
    transient: false,
  })

/** A Beanstalk that sees the new profile from `seenAt` on, and until then refuses at once or lets the launch fail. */
function beanstalk({ seenAt, refuses }: { seenAt: number; refuses: boolean }) {
  const clock = new ManualClock()
  const said: ProgressEvent[] = []
  let events: BeanstalkEvent[] = []
  let asked = 0
  const port = {
    createEnvironment: async () => {
      const requestId = `request-${(asked += 1)}`
      const sees = clock.now() >= seenAt
      if (!sees && refuses) throw refusal(unseen)
      const next = sees ? ['Created security group named: sg-1'] : [unseen, 'Failed to launch environment.']
      const health = event(undefined, 'Environment health has transitioned to Pending.')
      events = [health, ...['createEnvironment is starting.', ...next].map((said) => event(requestId, said))]
      return { requestId, environment }
    },
    describeEvents: async () => events,
    describeEnvironments: async () => (clock.now() >= seenAt ? [environment] : []),
  }
  const tools = {
    ...{
      clock,
      signal: new AbortController().signal,
      deadline: 20 * 60_000,
      intervalMs: 5_000,
      graceMs: 0,
      steadyMs: 0,
      probeMs: 100,
    },
    cloud: { beanstalk: port } as unknown as AccountCloud,
    progress: { emit: (told: ProgressEvent) => void said.push(told) },
  }
  return { tools, clock, said, asked: () => asked }
}

test.each([
  ['refuses the call', true],
  ['lets the launch fail', false],
])('a new profile that Beanstalk does not see yet is asked for again when it %s', async (_, refuses) => {
  const { tools, said, clock } = beanstalk({ seenAt: 20_000, refuses })
  const change = await createEnvironment(request, { freshProfile: true }, tools)
  expect(change.environment).toBe('shop-production')
  expect(clock.now()).toBeLessThan(60_000)
  expect(said[0]).toEqual({
    kind: 'note',
    message: 'Beanstalk does not see the new instance profile yet; asking again',
  })
})

test('after a minute the refusal is told as it is', async () => {
  const { tools, clock } = beanstalk({ seenAt: Infinity, refuses: true })
  await expect(createEnvironment(request, { freshProfile: true }, tools)).rejects.toMatchObject({
    why: unseen,
  })
  expect(clock.now()).toBe(60_000)
})

test('a profile that has been there for long is not waited for: one call, and its refusal at once', async () => {
  const { tools, clock, asked } = beanstalk({ seenAt: Infinity, refuses: true })
  await expect(createEnvironment(request, { freshProfile: false }, tools)).rejects.toThrow(CloudError)
  expect([asked(), clock.now()]).toEqual([1, 0])
})
