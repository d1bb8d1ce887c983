import type { Clock } from '../../clock.ts'
import type { Faults } from './faults.ts'
import type { EventLog } from './state/event-log.ts'
import type { Environment, Severity } from './state/model.ts'

/** What an event belongs to. */
export interface EventScope {
  application?: string
  version?: string
  environment?: { id: string; name: string }
  /** Of the call that caused it; absent for what the environment does by itself, such as a change of health. */
  requestId?: string
}

export interface EventRecorder {
  /** Resolves when the event is on disk. */
  record(scope: EventScope, severity: Severity, message: string): Promise<void>
}

export function createEventRecorder(log: EventLog, clock: Clock, faults: Faults): EventRecorder {
  return {
    async record({ application, version, environment, requestId }, severity, message) {
      const environmentId = environment === undefined ? {} : { environmentId: environment.id }
      const caller = requestId === undefined ? {} : { requestId }
      const verdict = await faults.at('event written', { message, ...environmentId, ...caller })
      const times = { skip: 0, proceed: 1, repeat: 2 }[verdict]
      for (let time = 0; time < times; time += 1) {
        await log.append({
          at: clock.now().toISOString(),
          severity,
          message,
          ...(application === undefined ? {} : { application }),
          ...(version === undefined ? {} : { version }),
          ...(environment === undefined ? {} : { environment }),
          ...caller,
        })
      }
    },
  }
}

/** Scope of what an environment does; with `requestId` of what a call made it do. */
export function environmentScope(environment: Environment, requestId?: string): EventScope {
  return {
    application: environment.application,
    environment: { id: environment.id, name: environment.name },
    ...(requestId === undefined ? {} : { requestId }),
  }
}
