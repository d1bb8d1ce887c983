import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { FaultSubject } from '../faults.ts'
import { madeOf } from '../resources/belongings.ts'
import { resourcesFor, type Resource } from '../resources/kinds.ts'
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
  /** Tells the lines in order, each after the time that it took the real service, and keeps what they make and remove. What isn't there isn't removed. */
  play(script: readonly Line[]): Promise<void>
}

/** One event of a recorded sequence. */
export interface Line {
  /** Seconds since the line before, as recorded. */
  after: number
  severity?: Severity
  text: (environment: Environment, context: Context) => string
  /** It is told only when this is there. */
  of?: Resource
  /** What of the environment's stack is there from now on, as far as its settings ask for it. */
  makes?: readonly Resource[]
  /** What is gone from now on; the line isn't told when none of it was there. */
  removes?: readonly Resource[]
}

/** A story as faults are told of it. */
export const subjectOf = ({ environmentId, operation }: Story): FaultSubject => ({
  environmentId,
  requestId: operation.requestId,
  operation: operation.kind,
})

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
      for (const line of script) {
        if (!isTold(line, madeOf(environment()))) continue
        await context.tempo.take(line.after, signal)
        signal.throwIfAborted()
        if (line.makes || line.removes)
          await context.store.changeEnvironment(environmentId, (draft) => keep(draft, line))
        const { severity = 'INFO', text } = line
        await record(operation.requestId, severity, text(environment(), context))
      }
    },
  }
}

function isTold({ of, removes }: Line, made: readonly Resource[]): boolean {
  if (of !== undefined && !made.includes(of)) return false
  return removes === undefined || removes.some((one) => made.includes(one))
}

/** What the line makes and removes, in a draft of the environment. */
function keep(draft: Environment, { makes = [], removes = [] }: Line): void {
  const wanted = resourcesFor(draft.settings)
  const made = [...madeOf(draft), ...makes.filter((one) => wanted.includes(one))]
  draft.resources.made = [...new Set(made)].filter((one) => !removes.includes(one))
}
