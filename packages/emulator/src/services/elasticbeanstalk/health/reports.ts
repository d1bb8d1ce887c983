import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { Environment, HealthStatus } from '../state/model.ts'
import { judgeEnvironment } from './judge.ts'
import type { Observations } from './observations.ts'
import { transitionOf, type Transition } from './transition.ts'

/** Brings what was seen to where it is read: the state, the events and the front. */
export interface Reports {
  /** Judges by what was seen last, without looking. */
  refresh(environmentId: string): Promise<void>
  /** Puts the health that a draft of the environment now has into it; answers what is to be told of the change. With `unknown`, nobody is said to know it. */
  conclude(draft: Environment, unknown?: boolean): Transition | undefined
  tell(environment: Environment, transition: Transition | undefined): Promise<void>
}

/** What is told of an environment whose instances say nothing (developer guide, health colours and statuses). */
const notKnown: { status: HealthStatus; causes: string[] } = {
  status: 'Unknown',
  causes: ['No data is available.'],
}

export function createReports(context: () => Context, observations: Observations): Reports {
  const conclude = (draft: Environment, unknown = false): Transition | undefined => {
    const now = context().clock.now()
    const judged = unknown ? notKnown : judgeEnvironment(draft, observations.of(draft.id))
    const transition = transitionOf(draft, judged, now)
    draft.health = { ...judged, refreshedAt: now.toISOString() }
    return transition
  }
  const tell = async (environment: Environment, transition: Transition | undefined): Promise<void> => {
    if (transition === undefined) return
    await context().events.record(environmentScope(environment), transition.severity, transition.message)
  }
  /** The state is written when there is something new, not at every look. */
  const isNews = (environment: Environment): boolean => {
    const judged = judgeEnvironment(environment, observations.of(environment.id))
    const { health } = environment
    return health?.status !== judged.status || health.causes.join('\n') !== judged.causes.join('\n')
  }
  return {
    async refresh(id) {
      const { store, fronts, faults } = context()
      const environment = store.environment(id)
      if (environment === undefined || environment.status === 'Terminated') return
      fronts.route(environment)
      if (environment.status === 'Terminating' || !isNews(environment)) return
      const verdict = await faults.at('health computed', { environmentId: id })
      if (verdict === 'skip' || (verdict === 'unknown' && environment.health?.status === 'Unknown')) return
      const told = await store.changeEnvironment(id, (draft) => ({
        draft,
        transition: conclude(draft, verdict === 'unknown'),
      }))
      await tell(told.draft, told.transition)
    },
    conclude,
    tell,
  }
}
