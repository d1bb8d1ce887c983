import type { AbortEnvironmentUpdateCommandInput } from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { notAbortable } from '../errors.ts'
import { isAbortable } from '../lifecycle/transitions.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findEnvironment } from './find.ts'
import type { Service } from './service.ts'

/** Stops an update and leads it back; the environment is Aborting meanwhile. */
export function abortEnvironmentUpdate({
  context,
  operations,
}: Service): Action<AbortEnvironmentUpdateCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, [])
    const { id, name } = findEnvironment(context.store, input)
    const mayAbort = () => isAbortable(context.store.environment(id)!)
    if (!mayAbort()) throw notAbortable(name)
    await operations.cancel(id)
    // It came to its end just then.
    if (!mayAbort()) throw notAbortable(name)
    await context.store.changeEnvironment(id, (draft) => {
      draft.status = 'Aborting'
      draft.operation!.abortedBy = call.requestId
      draft.updatedAt = context.clock.now().toISOString()
    })
    operations.start(id)
    return {}
  }
}
