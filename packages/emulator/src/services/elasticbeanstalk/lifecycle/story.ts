import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { Environment, Operation, Severity } from '../state/model.ts'

/** One operation on one environment while it goes on. */
export interface Story {
  context: Context
  environmentId: string
  operation: Operation
  signal: AbortSignal
  /** The environment as it is now. */
  environment(): Environment
  /** An event that the operation's call caused. */
  say(severity: Severity, message: string): Promise<void>
  /** An event that the environment had anyway: it carries no request id. */
  mention(severity: Severity, message: string): Promise<void>
  change<R>(change: (draft: Environment) => R): Promise<R>
  /** Tells the lines in order, each after the time that it took the real service. */
  play(script: readonly Line[]): Promise<void>
}

/** One event of a recorded sequence. */
export interface Line {
  /** Seconds since the line before, as recorded. */
  after: number
  severity?: Severity
  text: (environment: Environment, context: Context) => string
}

export function createStory(
  context: Context,
  environmentId: string,
  operation: Operation,
  signal: AbortSignal,
): Story {
  const environment = () => {
    const found = context.store.environment(environmentId)
    if (found === undefined) throw new Error(`Environment ${environmentId} is gone`)
    return found
  }
  const record = async (requestId: string | undefined, severity: Severity, message: string) => {
    signal.throwIfAborted()
    await context.events.record(environmentScope(environment(), requestId), severity, message)
  }
  return {
    context,
    environmentId,
    operation,
    signal,
    environment,
    say: (severity, message) => record(operation.requestId, severity, message),
    mention: (severity, message) => record(undefined, severity, message),
    async change(change) {
      signal.throwIfAborted()
      return context.store.changeEnvironment(environmentId, change)
    },
    async play(script) {
      for (const { after, severity = 'INFO', text } of script) {
        await context.tempo.take(after, signal)
        await record(operation.requestId, severity, text(environment(), context))
      }
    },
  }
}
