import { describe, expect, test } from 'vitest'
import { type UnstickPlan, unstickPlan } from '../../../src/deploy/unstick/plan.ts'
import type { SeenCause, Sight, StepName } from '../../../src/deploy/unstick/sight.ts'
import { STATES } from '../../../src/deploy/unstick/states.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const well: Sight = {
  environment: 'shop-production',
  status: 'Ready',
  health: 'Green',
  version: 'v1',
  abortable: false,
  works: true,
  missing: '',
  answers: true,
  instances: 2,
  versions: ['v1'],
  sinceMs: HOUR,
  quietMs: HOUR,
  stalledAfterMs: 14 * MINUTE,
  lastGood: { number: 3, version: 'v1', differing: [] },
  cause: undefined,
  heldBy: [],
  tried: [],
}
const broken: Sight = {
  ...well,
  health: 'Red',
  works: false,
  answers: false,
  missing: 'http://shop/ answers 502',
}
const busy = (status: string, quietMs: number): Sight => ({
  ...broken,
  status,
  sinceMs: quietMs + MINUTE,
  quietMs,
})

const cause = (code: string, more: Partial<SeenCause> = {}): SeenCause => ({
  code,
  sentence: 'It is broken',
  certain: true,
  next: ['lucree doctor'],
  evidence: [],
  ...more,
})
const freePlan = cause('LUC-DEPLOY-FREE-PLAN')
const stack = cause('LUC-DEPLOY-STACK-FAILED')
const variable = cause('LUC-DEPLOY-CONTAINER-ENDED', { certain: false, next: ['lucree env set API_KEY'] })
const rule = { group: 'sg-1', holder: 'sg-2', command: 'aws ec2 revoke-security-group-ingress …' }

const names = ({ steps }: UnstickPlan): StepName[] => steps.map(({ name }) => name)

/** What is seen, the state that it is, and the steps in their order; `!` marks those that are asked for first. */
const TABLE: [what: string, sight: Sight, state: string, steps: string[]][] = [
  ['no environment', { ...broken, status: 'none' }, 'there is none', []],
  ['launching for a minute', busy('Launching', MINUTE), 'something is under way and goes on', ['wait']],
  ['launching for an hour', busy('Launching', HOUR), 'the launch is stuck', ['terminate!']],
  ['an update that talks', busy('Updating', MINUTE), 'something is under way and goes on', ['wait']],
  [
    'a silent update',
    { ...busy('Updating', HOUR), abortable: true },
    'the update is stuck',
    ['abort', 'terminate!'],
  ],
  ['a silent update that can’t be aborted', busy('Updating', HOUR), 'the update is stuck', ['terminate!']],
  ['an abort that goes on', busy('Aborting', MINUTE), 'something is under way and goes on', ['wait']],
  ['a silent abort', busy('Aborting', HOUR), 'the abort is stuck', ['terminate!']],
  ['a termination that goes on', busy('Terminating', MINUTE), 'something is under way and goes on', ['wait']],
  ['a silent termination', busy('Terminating', HOUR), 'something else is stuck', []],
  [
    'a silent termination with a foreign rule',
    { ...busy('Terminating', HOUR), heldBy: [rule] },
    'the termination is held up by somebody else’s rule',
    [],
  ],
  ['a link that goes on', busy('LinkingFrom', MINUTE), 'something is under way and goes on', ['wait']],
  ['a silent link', busy('LinkingTo', HOUR), 'something else is stuck', []],
  ['terminated', { ...broken, status: 'Terminated', instances: 0 }, 'it was terminated', ['revive!']],
  [
    'terminated by unstick',
    { ...broken, status: 'Terminated', tried: ['terminate'] },
    'it was terminated',
    ['revive'],
  ],
  [
    'terminated by unstick because of the account',
    { ...broken, status: 'Terminated', tried: ['terminate'], cause: freePlan },
    'it was ended because it could not be launched',
    [],
  ],
  ['Ready and Green', well, 'it works', []],
  ['Ready, proven and Grey', { ...well, health: 'Grey' }, 'it works', []],
  ['Ready, proven and Yellow', { ...well, health: 'Yellow' }, 'it works', []],
  [
    'Ready, answering and Red',
    { ...well, health: 'Red' },
    'it works and is Red',
    ['redeploy', 'restart!', 'rebuild!'],
  ],
  [
    'a mixed fleet',
    { ...broken, answers: true, versions: ['v1', 'v2'] },
    'its instances run different versions',
    ['redeploy', 'rebuild!'],
  ],
  [
    'a newer version that is Red',
    { ...broken, version: 'v2', versions: ['v2'] },
    'an earlier version worked',
    ['redeploy', 'rebuild!'],
  ],
  [
    'a property that was changed',
    { ...broken, lastGood: { number: 3, version: 'v1', differing: ['MODE'] } },
    'its options are not those that it worked with',
    ['restart', 'restore!', 'rebuild!'],
  ],
  [
    'a variable that is missing',
    { ...broken, cause: variable, lastGood: undefined },
    'it lacks a secret or a variable',
    [],
  ],
  [
    'a secret that can’t be read',
    { ...broken, cause: cause('LUC-DEPLOY-SECRETS') },
    'it lacks a secret or a variable',
    [],
  ],
  [
    'Ready and Grey, without data',
    { ...broken, health: 'Grey' },
    'it doesn’t work',
    ['restart', 'redeploy', 'rebuild!'],
  ],
  ['a broken stack', { ...broken, cause: stack }, 'its stack is broken', ['rebuild!', 'terminate!']],
  [
    'a broken stack that serves',
    { ...well, cause: stack },
    'its stack is broken',
    ['rebuild!', 'terminate!'],
  ],
  [
    'a version that serves and isn’t proven',
    { ...broken, answers: true },
    'it doesn’t work',
    ['redeploy', 'restart!', 'rebuild!'],
  ],
  ['no instances', { ...broken, instances: 0, versions: [] }, 'it has no instances', ['rebuild!']],
  [
    'a termination that failed',
    { ...broken, instances: 0, versions: [], heldBy: [rule] },
    'its termination failed on somebody else’s rule',
    ['rebuild!'],
  ],
  [
    'a first version that never worked',
    { ...broken, lastGood: undefined, cause: cause('LUC-DEPLOY-LOOPBACK-ONLY') },
    'its version never worked, and why is known',
    ['restart'],
  ],
  ['a status that AWS invents', { ...broken, status: 'Hibernating' }, 'unknown', []],
]

test.each(TABLE)('%s', (_, sight, state, steps) => {
  const plan = unstickPlan(sight)
  expect(plan.state).toBe(state)
  expect(plan.steps.map(({ name, loses }) => (loses === undefined ? name : `${name}!`))).toEqual(steps)
  expect(plan.sees).toContain('shop-production')
  expect(plan.sees).not.toMatch(/undefined|\.$/)
})

test('every state of the table is met by an example', () => {
  const met = new Set(TABLE.map(([, , state]) => state))
  expect(STATES.map(({ name }) => name).filter((name) => !met.has(name))).toEqual([])
})

const STATUSES = 'none Launching Updating Ready Terminating Terminated Aborting LinkingFrom LinkingTo'.split(
  ' ',
)
const AGES = [0, MINUTE, 15 * MINUTE, HOUR, 1_000 * HOUR]
const every = STATUSES.flatMap((status) =>
  ['Green', 'Yellow', 'Red', 'Grey'].flatMap((health) =>
    AGES.flatMap((quietMs) =>
      [true, false].flatMap((works) =>
        [true, false].flatMap((abortable) =>
          [undefined, freePlan, stack, variable].flatMap((seenCause) =>
            [undefined, { number: 3, version: 'v1', differing: ['MODE'] }].map((lastGood) => ({
              ...broken,
              ...{ status, health, quietMs, sinceMs: quietMs, abortable, cause: seenCause, lastGood },
              works: works && status === 'Ready',
            })),
          ),
        ),
      ),
    ),
  ),
)

describe('whatever is seen', () => {
  test(`an environment works, or there is a step, or a command to run next (${every.length} sights)`, () => {
    for (const sight of every) {
      const plan = unstickPlan(sight)
      expect(plan.works || plan.steps.length > 0 || plan.next.length > 0).toBe(true)
    }
  })

  test('steps run out: each is tried once at most, and then there is a command to run next', () => {
    for (const sight of every) {
      const tried: StepName[] = []
      for (let plan = unstickPlan(sight); !plan.works; plan = unstickPlan({ ...sight, tried })) {
        const [step] = plan.steps
        if (!step || step.name === 'wait') break
        expect(tried).not.toContain(step.name)
        tried.push(step.name)
      }
      const end = unstickPlan({ ...sight, tried })
      if (!end.works && end.steps.length === 0) expect(end.next.length).toBeGreaterThan(0)
    }
  })

  test('whatever goes on with a word now and then is only waited for', () => {
    for (const sight of every.filter(
      ({ quietMs, status }) => quietMs <= MINUTE && /ing|Linking/.test(status),
    )) {
      expect(names(unstickPlan(sight))).toEqual(['wait'])
    }
  })

  test('what makes everything anew comes after everything else, and is asked for', () => {
    for (const sight of every) {
      const { steps } = unstickPlan(sight)
      const grave = steps.findIndex(({ name }) => name === 'rebuild' || name === 'terminate')
      if (grave < 0) continue
      expect(steps.slice(grave).every(({ name }) => name === 'rebuild' || name === 'terminate')).toBe(true)
      expect(steps.slice(grave).every(({ loses }) => loses !== undefined)).toBe(true)
    }
  })
})

test('the group that holds a termination up is named, with the command that lets it go first', () => {
  const plan = unstickPlan({ ...busy('Terminating', HOUR), heldBy: [rule] })
  expect(plan.sees).toContain('security group sg-2 names sg-1')
  expect(plan.next[0]).toBe(rule.command)
})

test('what the environment lacks is named, with the command that gives it', () => {
  const plan = unstickPlan({ ...broken, cause: { ...variable, sentence: 'The application wants API_KEY' } })
  expect(plan.sees).toContain('probably, the application wants API_KEY')
  expect(plan.next[0]).toBe('lucree env set API_KEY')
})
