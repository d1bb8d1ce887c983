import type { Context } from '../context.ts'
import type { Instance } from '../state/model.ts'
import { checkOf } from './check.ts'
import { judgeInstance, type InstanceHealth } from './judge.ts'
import { createObservations, type Observations } from './observations.ts'
import { createReports, type Reports } from './reports.ts'
import type { Tally } from './tally.ts'

/** Watches the instances of all environments. */
export interface Monitor extends Reports {
  /** Looks at the environment again and again until {@link Monitor.leave}. */
  watch(environmentId: string): void
  leave(environmentId: string): void
  instances(environmentId: string): InstanceHealth[]
  refreshedAt(environmentId: string): Date | undefined
  /** Whether the container that it has now was seen to pass. */
  passes(environmentId: string, instance: Instance): boolean
  /** Looks until each instance's verdict is in, for as long as the checks' thresholds take. */
  settle(environmentId: string, signal: AbortSignal): Promise<void>
  /** Whether all of the instances pass as many checks in a row as the environment asks for before `limitMs` are over. */
  waitUntilHealthy(
    environmentId: string,
    instanceIds: string[],
    limitMs: number,
    signal: AbortSignal,
  ): Promise<boolean>
  /** Whether none of the instances, which were looked at before, fails its checks or ends while `ms` pass. */
  stayHealthy(environmentId: string, instanceIds: string[], ms: number, signal: AbortSignal): Promise<boolean>
  close(): Promise<void>
}

/** Seconds between two looks at an environment that nothing happens to; in milliseconds never fewer than {@link idleFloorMs}. */
const idleSeconds = 10
const idleFloorMs = 400

export function createMonitor(context: () => Context): Monitor {
  const observations = createObservations(context)
  const reports = createReports(context, observations)
  const watches = new Map<string, Watch>()
  const rounds: Rounds = { context, observations, reports }
  const settingsOf = (id: string) => context().store.environment(id)?.settings ?? []
  return {
    ...reports,
    watch(id) {
      if (watches.has(id)) return
      const controller = new AbortController()
      watches.set(id, { controller, done: keepLooking(rounds, id, controller.signal) })
    },
    leave(id) {
      watches.get(id)?.controller.abort()
      watches.delete(id)
      observations.forget(id)
    },
    instances(id) {
      const environment = context().store.environment(id)
      if (environment === undefined) return []
      const seen = observations.of(id)
      return environment.instances.map((instance) =>
        judgeInstance(environment, instance, seen.get(instance.id)),
      )
    },
    refreshedAt: (id) => observations.at(id),
    passes(id, { id: instanceId, container }) {
      const tally = observations.of(id).get(instanceId)
      return tally?.passing === true && tally.containerId === container?.id
    },
    async settle(id, signal) {
      const { unhealthyCount, timeoutMs } = checkOf(settingsOf(id))
      const all = (tallies: ReadonlyMap<string, Tally>) => [...tallies.values()].every(isDecided)
      await lookUntil(rounds, id, all, unhealthyCount * (timeoutMs + 1000), signal)
    },
    waitUntilHealthy(id, instanceIds, limitMs, signal) {
      const { healthyCount } = checkOf(settingsOf(id))
      const enough = (tally: Tally | undefined) => tally?.passing === true && tally.successes >= healthyCount
      const all = (tallies: ReadonlyMap<string, Tally>) =>
        instanceIds.every((one) => enough(tallies.get(one)))
      return lookUntil(rounds, id, all, limitMs, signal)
    },
    async stayHealthy(id, instanceIds, ms, signal) {
      const before = observations.of(id)
      // A container that ended was started again, by whichever look saw it first.
      const fails = (tallies: ReadonlyMap<string, Tally>) =>
        instanceIds.some((one) => {
          const tally = tallies.get(one)
          return tally?.passing === false || tally?.containerId !== before.get(one)?.containerId
        })
      return !(await lookUntil(rounds, id, fails, ms, signal))
    },
    async close() {
      const ending = [...watches.values()]
      watches.clear()
      for (const { controller } of ending) controller.abort()
      await Promise.all(ending.map(({ done }) => done))
    },
  }
}

interface Watch {
  controller: AbortController
  done: Promise<void>
}

interface Rounds {
  context: () => Context
  observations: Observations
  reports: Reports
}

function isDecided({ containerId, running, passing }: Tally): boolean {
  return containerId === '' || !running || passing !== undefined
}

async function lookOnce(
  { observations, reports }: Rounds,
  id: string,
  signal: AbortSignal,
  idle = false,
): Promise<void> {
  await observations.look(id, signal, idle)
  await reports.refresh(id)
}

/** Never rejects. */
async function keepLooking(rounds: Rounds, id: string, signal: AbortSignal): Promise<void> {
  const { clock, tempo, log } = rounds.context()
  while (!signal.aborted) {
    try {
      await lookOnce(rounds, id, signal, true)
      await clock.sleep(Math.max(idleFloorMs, tempo.interval(idleSeconds)), signal)
    } catch (error) {
      if (signal.aborted) return
      log(`Watching ${id} failed and is tried again: ${(error as Error).message}`)
      // Called off like any other wait; the loop's condition sees it.
      await clock.sleep(idleFloorMs, signal).catch(() => undefined)
    }
  }
}

/** Whether what was waited for came before the time was over. */
async function lookUntil(
  rounds: Rounds,
  id: string,
  done: (tallies: ReadonlyMap<string, Tally>) => boolean,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock, tempo, store } = rounds.context()
  const deadline = clock.now().getTime() + limitMs
  for (;;) {
    await lookOnce(rounds, id, signal)
    if (done(rounds.observations.of(id))) return true
    if (clock.now().getTime() >= deadline) return false
    const { interval } = checkOf(store.environment(id)?.settings ?? [])
    await clock.sleep(tempo.interval(interval), signal)
  }
}
