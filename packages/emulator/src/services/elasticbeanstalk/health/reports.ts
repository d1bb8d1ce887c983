import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { Environment } from '../state/model.ts'
import { judgeEnvironment } from './judge.ts'
import type { Observations } from './observations.ts'
import { transitionOf, type Transition } from './transition.ts'

/** Brings what was seen to where it is read: the state, the events and the front. */
export interface Reports {
  /** Judges by what was seen last, without looking. */
  refresh(environmentId: string): Promise<void>
  /** Puts the health that a draft of the environment now has into it; answers what is to be told of the change. */
  conclude(draft: Environment): Transition | undefined
  tell(environment: Environment, transition: Transition | undefined): Promise<void>
}

export function createReports(context: () => Context, observations: Observations): Reports {
  const conclude = (draft: Environment): Transition | undefined => {
    const now = context().clock.now()
    const judged = judgeEnvironment(draft, observations.of(draft.id))
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
      if ((await faults.at('health computed', { environmentId: id })) === 'skip') return
      const told = await store.changeEnvironment(id, (draft) => ({ draft, transition: conclude(draft) }))
      await tell(told.draft, told.transition)
    },
    conclude,
    tell,
  }
}
