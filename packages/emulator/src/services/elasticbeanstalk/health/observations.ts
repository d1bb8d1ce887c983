import type { Context } from '../context.ts'
import type { Instance } from '../state/model.ts'
import { lookAt } from './look.ts'
import { newTally, type Tally } from './tally.ts'

/** What was seen of the instances of all environments. */
export interface Observations {
  /** Looks at every instance of an environment once; one look after the other. `idle`: nobody waits for what it sees. */
  look(environmentId: string, signal: AbortSignal, idle?: boolean): Promise<void>
  /** By instance id. */
  of(environmentId: string): ReadonlyMap<string, Tally>
  /** When the environment was looked at last. */
  at(environmentId: string): Date | undefined
  forget(environmentId: string): void
}

export function createObservations(context: () => Context): Observations {
  const tallies = new Map<string, ReadonlyMap<string, Tally>>()
  const looks = new Map<string, Promise<void>>()
  const times = new Map<string, Date>()
  const of = (id: string) => tallies.get(id) ?? new Map<string, Tally>()

  async function lookNow(id: string, signal: AbortSignal, idle: boolean): Promise<void> {
    signal.throwIfAborted()
    const environment = context().store.environment(id)
    if (environment === undefined) return
    const before = of(id)
    const seen = await Promise.all(
      environment.instances.map(async (instance) => {
        const tally = tallyOf(instance, before.get(instance.id))
        return [instance.id, await lookAt(context(), environment, instance, tally, { signal, idle })] as const
      }),
    )
    tallies.set(id, new Map(seen))
    times.set(id, context().clock.now())
  }

  return {
    async look(id, signal, idle = false) {
      const last = looks.get(id) ?? Promise.resolve()
      const next = () => lookNow(id, signal, idle)
      // A look that failed was told to whoever asked for it.
      const turn = last.then(next, next)
      looks.set(id, turn)
      await turn
    },
    of,
    at: (id) => times.get(id),
    forget(id) {
      tallies.delete(id)
      looks.delete(id)
      times.delete(id)
    },
  }
}

/** A new container begins anew. */
function tallyOf({ container }: Instance, last: Tally | undefined): Tally {
  const id = container?.id ?? ''
  return last?.containerId === id ? last : newTally(id)
}
