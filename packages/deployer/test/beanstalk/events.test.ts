import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventTail, followChange } from '../../src/beanstalk/events.ts'
import type { Beanstalk, BeanstalkEvent, EnvironmentDescription } from '../../src/beanstalk/ports.ts'
import { ManualClock } from '../manual-clock.ts'

/** A log of events with the service's one rule that matters here: the start time is inclusive. */
function logOf(events: BeanstalkEvent[]): Beanstalk {
  const describeEvents: Beanstalk['describeEvents'] = ({ since }) =>
    Promise.resolve(events.filter(({ at }) => !since || at >= since))
  return { describeEvents } as Partial<Beanstalk> as Beanstalk
}

test('every event is read once, in order, also when several share a moment and are alike to the letter', async () => {
  const spec = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 2 }), message: fc.constantFrom('a', 'b') }),
    { maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(spec, fc.array(fc.nat(30)), async (specs, looks) => {
      let at = 1000
      const all = specs.map(({ gap, message }): BeanstalkEvent => {
        return { at: new Date((at += gap)), severity: 'INFO', message, requestId: undefined }
      })
      const visible: BeanstalkEvent[] = []
      const tail = new EventTail(logOf(visible), {
        application: 'a',
        environment: 'e',
        startedAt: new Date(1000),
      })
      const read: BeanstalkEvent[] = []
      for (const upTo of [...looks.sort((one, other) => one - other), all.length]) {
        visible.push(...all.slice(visible.length, Math.max(upTo, visible.length)))
        read.push(...(await tail.next()))
      }
      expect(read.map(({ message }) => message)).toEqual(all.map(({ message }) => message))
    }),
  )
})

/** A Beanstalk whose looks at the environment answer these, one after the other; the last goes on. */
function answering(
  looks: (Partial<EnvironmentDescription> | undefined)[],
  events: BeanstalkEvent[] = [],
): Beanstalk {
  let at = 0
  const describeEnvironments = () => {
    const seen = looks[Math.min(at++, looks.length - 1)]
    return Promise.resolve(seen ? [seen as EnvironmentDescription] : [])
  }
  return { ...logOf(events), describeEnvironments } as Partial<Beanstalk> as Beanstalk
}

async function statusesOf(
  beanstalk: Beanstalk,
  before: { updatedAt: Date } | undefined,
): Promise<(string | undefined)[]> {
  const clock = new ManualClock()
  const waiting = {
    clock,
    signal: new AbortController().signal,
    intervalMs: 5_000,
    deadline: 600_000,
    random: () => 0.5,
  }
  const change = { application: 'a', environment: 'e', requestId: 'r-1', startedAt: new Date(0), before }
  const seen: (string | undefined)[] = []
  for await (const step of followChange(beanstalk, change, waiting)) {
    if (step.kind === 'state') seen.push(step.environment?.status)
  }
  return seen
}

const old = new Date(1000)

test('a Ready from before the change is not its end', async () => {
  const looks = [
    { status: 'Ready', updatedAt: old },
    { status: 'Updating', updatedAt: old },
    { status: 'Ready', updatedAt: old },
  ]
  expect(await statusesOf(answering(looks), { updatedAt: old })).toEqual(['Ready', 'Updating', 'Ready'])
})

test('a change that is over before the first look is told by its events, or by the newer date of the environment', async () => {
  const event: BeanstalkEvent = { at: new Date(2000), severity: 'INFO', message: 'done', requestId: 'r-1' }
  expect(
    await statusesOf(answering([{ status: 'Ready', updatedAt: old }], [event]), { updatedAt: old }),
  ).toHaveLength(1)
  const newer = { status: 'Ready', updatedAt: new Date(3000) }
  expect(await statusesOf(answering([newer]), { updatedAt: old })).toHaveLength(1)
})

test('a change of which nothing is ever seen is not waited for to the deadline', async () => {
  expect(
    (await statusesOf(answering([{ status: 'Ready', updatedAt: old }]), { updatedAt: old })).length,
  ).toBeLessThan(20)
})

test('an environment that is being made and not listed yet is not gone', async () => {
  const looks = [undefined, { status: 'Launching' }, { status: 'Ready' }]
  expect(await statusesOf(answering(looks), undefined)).toEqual([undefined, 'Launching', 'Ready'])
})
