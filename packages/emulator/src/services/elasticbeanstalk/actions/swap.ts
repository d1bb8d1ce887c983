import type { SwapEnvironmentCNAMEsCommandInput } from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { invalidValue, notReady } from '../errors.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import type { Environment, Operation } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findEnvironment } from './find.ts'
import type { Service } from './service.ts'

/** Each of the two is then reached where the other one was. Both must be Ready. */
export function swapEnvironmentCnames({
  context,
  operations,
}: Service): Action<SwapEnvironmentCNAMEsCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, [])
    const source = findEnvironment(context.store, {
      EnvironmentId: input.SourceEnvironmentId,
      EnvironmentName: input.SourceEnvironmentName,
    })
    const destination = findEnvironment(context.store, {
      EnvironmentId: input.DestinationEnvironmentId,
      EnvironmentName: input.DestinationEnvironmentName,
    })
    if (source.id === destination.id)
      throw invalidValue('The source and the destination environment must be two different ones.')
    for (const { name, status } of [source, destination]) if (status !== 'Ready') throw notReady(name)
    const operation: Operation = {
      kind: 'swap',
      requestId: call.requestId,
      startedAt: context.clock.now().toISOString(),
    }
    const addresses: Operation['addresses'] = [
      { environmentId: source.id, ...addressOf(destination) },
      { environmentId: destination.id, ...addressOf(source) },
    ]
    await context.store.changeEnvironment(source.id, (draft) =>
      beginOperation(draft, { ...operation, addresses }),
    )
    await context.store.changeEnvironment(destination.id, (draft) => beginOperation(draft, operation))
    for (const { id } of [source, destination]) operations.start(id)
    return {}
  }
}

function addressOf({ port, cnamePrefix }: Environment) {
  return { port, cnamePrefix }
}
