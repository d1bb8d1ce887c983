import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { FaultVerdict } from '../faults.ts'
import type { Environment, HealthStatus } from '../state/model.ts'
import { judgeEnvironment } from './judge.ts'
import type { Observations } from './observations.ts'
import { transitionOf, type Transition } from './transition.ts'

/** Brings what was seen to where it is read: the state, the events and the front. */
export interface Reports {
  /** Judges by what was seen last, without looking. */
  refresh(environmentId: string): Promise<void>
  /** Puts the health that a draft of the environment now has into it, unless a fault says that it can't be known; answers what is to be told of the change. */
  conclude(draft: Environment, verdict?: FaultVerdict): Transition | undefined
  tell(environment: Environment, transition: Transition | undefined): Promise<void>
}

/** What is told of an environment whose instances say nothing (developer guide, health colours and statuses). */
const notKnown = {
  unknown: { status: 'Unknown', causes: ['No data is available.'] },
  unheard: { status: 'NoData', causes: ['None of the instances are sending data.'] },
} satisfies Record<string, { status: HealthStatus; causes: string[] }>

function withheld(verdict: FaultVerdict): (typeof notKnown)[keyof typeof notKnown] | undefined {
  return verdict === 'unknown' || verdict === 'unheard' ? notKnown[verdict] : undefined
}

export function createReports(context: () => Context, observations: Observations): Reports {
  const conclude = (draft: Environment, verdict: FaultVerdict = 'proceed'): Transition | undefined => {
    const now = context().clock.now()
    const judged = withheld(verdict) ?? judgeEnvironment(draft, observations.of(draft.id))
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
      if (verdict === 'skip') return
      if (withheld(verdict) && withheld(verdict)?.status === environment.health?.status) return
      const told = await store.changeEnvironment(id, (draft) => ({
        draft,
        transition: conclude(draft, verdict),
      }))
      await tell(told.draft, told.transition)
    },
    conclude,
    tell,
  }
}
