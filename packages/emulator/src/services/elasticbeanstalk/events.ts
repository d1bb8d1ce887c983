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
  /** Writes the events that were to be seen late. */
  close(): Promise<void>
}

export function createEventRecorder(log: EventLog, clock: Clock, faults: Faults): EventRecorder {
  const over = new AbortController()
  const late = new Set<Promise<unknown>>()
  const later = (ms: number, event: Parameters<EventLog['append']>[0]) => {
    // Called off when the server closes: then it is time.
    const waited = clock.sleep(ms, over.signal).catch(() => undefined)
    const written = waited.then(() => log.append(event)).finally(() => late.delete(written))
    late.add(written)
    written.catch(() => undefined)
  }
  return {
    async record({ application, version, environment, requestId }, severity, message) {
      const environmentId = environment === undefined ? {} : { environmentId: environment.id }
      const caller = requestId === undefined ? {} : { requestId }
      const verdict = await faults.at('event written', { message, ...environmentId, ...caller })
      const event = {
        at: clock.now().toISOString(),
        severity,
        message,
        ...(application === undefined ? {} : { application }),
        ...(version === undefined ? {} : { version }),
        ...(environment === undefined ? {} : { environment }),
        ...caller,
      }
      if (verdict === 'skip') return
      if (typeof verdict === 'object' && 'lateMs' in verdict) return later(verdict.lateMs, event)
      await log.append(event)
      if (verdict === 'repeat') await log.append(event)
    },
    async close() {
      over.abort()
      await Promise.all(late)
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
