import type { Sight, StepName } from './sight.ts'

/** A state that an environment can be in. */
export interface State {
  name: string
  when: (sight: Sight) => boolean
  sees: (sight: Sight) => string
  /** Steps in the order in which they are tried. */
  ways: StepName[]
  next: string[]
  /** Rules of other groups are what holds it up: the commands that take them away come first. */
  ofRules?: true
}

const EVENTS = 'lucree events -f'
const UNDER_WAY = /^(Launching|Updating|Aborting|Terminating|LinkingFrom|LinkingTo)$/
const STACK_FAILED = 'LUC-DEPLOY-STACK-FAILED'
const SECRETS = 'LUC-DEPLOY-SECRETS'
const AGAIN = 'lucree unstick   # looks again'
const DEPLOY = 'lucree deploy'

const isUnderWay = (status: string) => (sight: Sight) => sight.status === status
const isReady = ({ status }: Sight) => status === 'Ready'
const isMixed = ({ versions, instances }: Sight) => instances > 1 && versions.length > 1
const because = ({ cause }: Sight) =>
  cause ? `: ${cause.certain || cause.observed ? '' : 'probably, '}${lowered(cause.sentence)}` : ''
const silent = ({ environment, status, sinceMs, quietMs }: Sight) =>
  `${environment} has been ${status} for ${span(sinceMs)} and has said nothing for ${span(quietMs)}`

/**
 * Every state, the most particular first; the first row that holds counts. Sources: facts sheet §3.1 (statuses), §3.2 (which call needs which
 * status), §0 7 (a failed deploy leaves a mixed fleet), §6.1 rows 15, 20, 28, 29, 30.
 */
export const STATES: readonly State[] = [
  {
    name: 'there is none',
    when: ({ status }) => status === 'none',
    sees: ({ environment }) => `There is no environment ${environment}`,
    ways: [],
    next: [DEPLOY],
  },
  {
    name: 'it was ended because it could not be launched',
    when: ({ status, tried, cause }) =>
      status === 'Terminated' && tried.includes('terminate') && cause !== undefined && cause.certain,
    sees: (sight) => `${sight.environment} is Terminated, and would fail to launch again${because(sight)}`,
    ways: [],
    next: [`${DEPLOY}   # once that is mended: makes it anew`],
  },
  {
    name: 'it was terminated',
    when: ({ status }) => status === 'Terminated',
    sees: ({ environment, sinceMs }) =>
      `${environment} was terminated ${span(sinceMs)} ago; Beanstalk can revive it for 42 days`,
    ways: ['revive'],
    next: [`${DEPLOY}   # makes it anew`],
  },
  {
    name: 'something is under way and goes on',
    when: ({ status, quietMs, stalledAfterMs }) => UNDER_WAY.test(status) && quietMs < stalledAfterMs,
    sees: ({ environment, status, sinceMs, quietMs }) =>
      `${environment} has been ${status} for ${span(sinceMs)}; its last event came ${span(quietMs)} ago`,
    ways: ['wait'],
    next: [EVENTS],
  },
  {
    name: 'the launch is stuck',
    when: isUnderWay('Launching'),
    sees: (sight) => `${silent(sight)}${because(sight)}`,
    ways: ['terminate'],
    next: [EVENTS, 'lucree destroy   # then: lucree deploy'],
  },
  {
    name: 'the update is stuck',
    when: isUnderWay('Updating'),
    sees: (sight) => `${silent(sight)}${because(sight)}`,
    ways: ['abort', 'terminate'],
    next: [EVENTS],
  },
  {
    name: 'the abort is stuck',
    when: isUnderWay('Aborting'),
    sees: silent,
    ways: ['terminate'],
    next: [EVENTS],
  },
  {
    name: 'the termination is held up by somebody else’s rule',
    when: ({ status, heldBy }) => status === 'Terminating' && heldBy.length > 0,
    sees: (sight) => `${silent(sight)}: ${held(sight)}`,
    ofRules: true,
    ways: [],
    next: [AGAIN],
  },
  {
    name: 'something else is stuck',
    when: ({ status }) => UNDER_WAY.test(status),
    sees: silent,
    ways: [],
    next: [EVENTS, 'open a case with AWS Support: only AWS can end this'],
  },
  {
    name: 'its stack is broken',
    when: (sight) => isReady(sight) && sight.cause?.code === STACK_FAILED,
    sees: (sight) => `${sight.environment} is Ready, but can’t be changed${because(sight)}`,
    ways: ['rebuild', 'terminate'],
    next: ['lucree destroy   # then: lucree deploy'],
  },
  {
    name: 'it works',
    when: (sight) => isReady(sight) && sight.works && sight.health !== 'Red',
    sees: ({ environment, version, health }) =>
      `${environment} is Ready (${health}), every instance runs ${version} and it answers`,
    ways: [],
    next: [],
  },
  {
    name: 'its termination failed on somebody else’s rule',
    when: (sight) => isReady(sight) && sight.instances === 0 && sight.heldBy.length > 0,
    sees: (sight) => `${sight.environment} was to be terminated and wasn’t: ${held(sight)}`,
    ofRules: true,
    ways: ['rebuild'],
    next: ['lucree destroy   # once the rule is gone'],
  },
  {
    name: 'its instances run different versions',
    when: (sight) => isReady(sight) && isMixed(sight),
    sees: ({ environment, versions, health }) =>
      `${environment} is Ready (${health}), and its instances run different versions: ${versions.join(', ')}`,
    ways: ['redeploy', 'restore', 'rebuild'],
    next: [DEPLOY],
  },
  {
    name: 'it has no instances',
    when: (sight) => isReady(sight) && sight.instances === 0,
    sees: (sight) => `${sight.environment} is Ready (${sight.health}) without an instance${because(sight)}`,
    ways: ['rebuild'],
    next: ['lucree destroy   # then: lucree deploy'],
  },
  {
    name: 'it works and is Red',
    when: (sight) => isReady(sight) && sight.works,
    sees: (sight) =>
      `${sight.environment} is Ready and answers, but its health is ${sight.health}${because(sight)}`,
    ways: ['redeploy', 'restore', 'restart', 'rebuild'],
    next: ['lucree health', 'lucree logs'],
  },
  {
    name: 'an earlier version worked',
    when: (sight) => isReady(sight) && isNewer(sight),
    sees: (sight) =>
      `${sight.environment} is Ready (${sight.health}) and doesn’t work (${sight.missing})${because(sight)}`,
    ways: ['redeploy', 'restore', 'rebuild'],
    next: [DEPLOY],
  },
  {
    name: 'it lacks a secret or a variable',
    when: (sight) => isReady(sight) && missesValue(sight),
    sees: (sight) => `${sight.environment} is Ready (${sight.health}) and doesn’t work${because(sight)}`,
    ways: ['restore'],
    next: [],
  },
  {
    name: 'its options are not those that it worked with',
    when: (sight) => isReady(sight) && (sight.lastGood?.differing.length ?? 0) > 0,
    sees: (sight) =>
      `${sight.environment} is Ready (${sight.health}) and doesn’t work (${sight.missing})${because(sight)}; since release ${sight.lastGood?.number}, which worked, these were changed: ${sight.lastGood?.differing.join(', ')}`,
    ways: ['restart', 'restore', 'rebuild'],
    next: ['lucree logs', DEPLOY],
  },
  {
    name: 'its version never worked, and why is known',
    when: (sight) => isReady(sight) && sight.lastGood === undefined && (sight.cause?.certain ?? false),
    sees: (sight) => `${sight.environment} is Ready (${sight.health}) and doesn’t work${because(sight)}`,
    ways: ['restart'],
    next: [DEPLOY],
  },
  {
    name: 'it doesn’t work',
    when: isReady,
    sees: (sight) =>
      `${sight.environment} is Ready (${sight.health}) and doesn’t work (${sight.missing})${because(sight)}`,
    ways: ['restart', 'redeploy', 'restore', 'rebuild'],
    next: ['lucree logs', DEPLOY],
  },
  {
    name: 'unknown',
    when: () => true,
    sees: ({ environment, status }) => `${environment} is ${status}, which lucree doesn’t know`,
    ways: [],
    next: ['lucree console'],
  },
]

/** A value that only a person can give: what lucree could deploy again would lack it too. */
function missesValue({ cause }: Sight): boolean {
  return (
    cause?.code === SECRETS || (cause?.next.some((command) => /^lucree env set \w/.test(command)) ?? false)
  )
}

/** Another version than the last good one is deployed, or was tried on an instance. */
function isNewer({ lastGood, version, versions }: Sight): boolean {
  return lastGood !== undefined && [version, ...versions].some((label) => label !== lastGood.version)
}

function held({ heldBy }: Sight): string {
  const rules = heldBy.map(({ group, holder }) => `a rule of the security group ${holder} names ${group}`)
  return `${rules.join(', and ')}, so that AWS can’t delete it`
}

/** `40 s`, `12 min`, `3 h`, `5 days`. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  const hours = Math.round(seconds / 3_600)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

/** A sentence as the end of another. */
function lowered(sentence: string): string {
  return sentence.replace(/^(The|An?|No|Two|It) /, (word) => word.toLowerCase())
}
