import type { Sight, StepName } from './sight.ts'
import { STATES } from './states.ts'

export interface Step {
  name: StepName
  /** What it does, as an infinitive: `abort the update`. */
  does: string
  /** What it loses, or costs; it is asked for then. */
  loses?: string
}

/** What is seen, and what can be done about it. */
export interface UnstickPlan {
  /** Name of the state of the table that holds. */
  state: string
  /** One sentence without a full stop. */
  sees: string
  /** The environment works: nothing has to be done. */
  works: boolean
  /** Least destructive first; each is for when the one before didn't do. */
  steps: Step[]
  /** What to run when no step is left. */
  next: string[]
}

/** What to do about an environment that isn't as it should be. Pure: what is seen in, a plan out. */
export function unstickPlan(sight: Sight): UnstickPlan {
  const state = STATES.find(({ when }) => when(sight))
  if (!state) throw new TypeError('the last state holds always')
  const steps = state.ways
    .filter((name) => !sight.tried.includes(name) && isPossible(name, sight))
    .map((name) => stepOf(name, sight))
    // What loses nothing comes first, whatever the table's order says of one that doesn't serve.
    .sort((one, other) => Number(one.loses !== undefined) - Number(other.loses !== undefined))
  return {
    state: state.name,
    sees: state.sees(sight),
    works: state.name === 'it works',
    steps,
    next: [
      ...new Set([
        ...(state.ofRules ? sight.heldBy.map(({ command }) => command) : []),
        ...(sight.cause?.next ?? []),
        ...state.next,
      ]),
    ].slice(0, 4),
  }
}

function isPossible(name: StepName, { abortable, version, lastGood }: Sight): boolean {
  if (name === 'abort') return abortable
  if (name === 'redeploy') return (lastGood?.version ?? version) !== undefined
  if (name === 'restore') return lastGood !== undefined && lastGood.differing.length > 0
  return true
}

/** The words of a step. What nothing serves from isn't lost. */
function stepOf(name: StepName, { answers, version, lastGood, status, cause, tried }: Sight): Step {
  switch (name) {
    case 'wait':
      return { name, does: `wait until it is no longer ${status}` }
    case 'abort':
      return { name, does: 'abort the update; Beanstalk takes its options back' }
    case 'restart':
      return {
        name,
        does: 'stop and start the application on every instance at the same time',
        ...(answers ? { loses: 'requests, while it starts' } : {}),
      }
    case 'redeploy': {
      const release = lastGood ? ` (release ${lastGood.number}, the last that worked)` : ''
      return { name, does: `deploy ${lastGood?.version ?? version} again${release}` }
    }
    case 'restore':
      return {
        name,
        does: `set the options back to those of release ${lastGood?.number}`,
        loses: `what was changed since: ${lastGood?.differing.join(', ')}`,
      }
    case 'revive':
      return {
        name,
        does: 'bring it back with its name, id, version and options',
        // Whoever agreed to the termination agreed to this.
        ...(tried.includes('terminate') ? {} : { loses: 'money: from then on it is billed again' }),
      }
    case 'rebuild':
      return {
        name,
        does: 'make its instances and all around them anew',
        loses: `what lies on its instances${answers ? ', and minutes of answers' : ''}`,
      }
    case 'terminate':
      return {
        name,
        does:
          status === 'Launching' && cause?.certain
            ? 'terminate it, since its launch can’t succeed'
            : 'terminate it and bring it back with its name, id, version and options',
        loses: `what lies on its instances${answers ? ', and minutes of answers' : ''}`,
      }
    default:
      return name satisfies never
  }
}
