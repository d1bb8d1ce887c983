import type { Context } from '../context.ts'
import type { InstanceHealth } from '../health/judge.ts'

/** What the actions work on: the context, the operations that go on behind them, and what the monitor has seen. */
export interface Service {
  context: Context
  operations: {
    /** Goes on with the operation that the environment's state holds. */
    start(environmentId: string): void
    /** Stops the running operation where it is; the environment's state still holds it. */
    cancel(environmentId: string): Promise<void>
  }
  health: {
    instances(environmentId: string): InstanceHealth[]
    /** When the environment was looked at last. */
    refreshedAt(environmentId: string): Date | undefined
  }
  logs: {
    /** Collects logs of all instances in the background. */
    request(environmentId: string, type: 'tail' | 'bundle', requestId: string): void
  }
}
