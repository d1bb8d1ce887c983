import type {
  RestartAppServerCommandInput,
  TerminateEnvironmentCommandInput,
  TerminateEnvironmentCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import { checkParameters } from '../validation/parameters.ts'
import { describeEnvironment } from './describe.ts'
import { findEnvironment } from './find.ts'
import type { Service } from './service.ts'

/** Restarts the application on the instances without a new version or new settings. */
export function restartAppServer({
  context,
  operations,
}: Service): Action<RestartAppServerCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, [])
    const { id } = findEnvironment(context.store, input)
    const startedAt = context.clock.now().toISOString()
    await context.store.changeEnvironment(id, (draft) =>
      beginOperation(draft, { kind: 'restart', requestId: call.requestId, startedAt }),
    )
    operations.start(id)
    return {}
  }
}

/** Needs Ready; with ForceTerminate it ends whatever operation is under way. */
export function terminateEnvironment({
  context,
  operations,
}: Service): Action<TerminateEnvironmentCommandInput, Omit<TerminateEnvironmentCommandOutput, '$metadata'>> {
  return async (input, call) => {
    checkParameters(input, [])
    const { id, status } = findEnvironment(context.store, input)
    const force = (input.ForceTerminate ?? false) && ['Launching', 'Updating', 'Aborting'].includes(status)
    if (force) await operations.cancel(id)
    const startedAt = context.clock.now().toISOString()
    await context.store.changeEnvironment(id, (draft) =>
      beginOperation(draft, { kind: 'terminate', requestId: call.requestId, startedAt }, force),
    )
    operations.start(id)
    return describeEnvironment(context, context.store.environment(id)!)
  }
}
