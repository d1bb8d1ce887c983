import type { DeleteApplicationCommandInput } from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError, type Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidValue } from '../errors.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import type { Environment } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findApplication, liveEnvironments } from './find.ts'
import type { Service } from './service.ts'

/** With environments it needs TerminateEnvByForce; it then goes when the last of them is terminated. */
export function deleteApplication({
  context,
  operations,
}: Service): Action<DeleteApplicationCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, ['ApplicationName'])
    const name = findApplication(context.store, input.ApplicationName!).name
    const environments = liveEnvironments(context.store).filter(({ application }) => application === name)
    const scope = { application: name, requestId: call.requestId }
    if (environments.length > 0) {
      await terminateAll(context, environments, input.TerminateEnvByForce ?? false, call.requestId)
      await context.store.changeApplications((all) => {
        all.find((application) => application.name === name)!.deleting = true
      })
      await context.events.record(scope, 'INFO', 'deleteApplication is starting.')
      environments.filter(({ status }) => status !== 'Terminating').forEach(({ id }) => operations.start(id))
      return {}
    }
    await context.events.record(scope, 'INFO', 'deleteApplication is starting.')
    await removeApplication(context, name, call.requestId)
    return {}
  }
}

async function terminateAll(
  context: Context,
  environments: Environment[],
  force: boolean,
  requestId: string,
) {
  const names = environments.map((environment) => environment.name).join(', ')
  if (!force) {
    const application = environments[0]!.application
    throw invalidValue(
      `Unable to delete application ${application} because it has the following running environments: ${names}.`,
    )
  }
  if (environments.some(({ status }) => status !== 'Ready' && status !== 'Terminating')) {
    throw new ServiceError(
      'OperationInProgressFailure',
      `Unable to delete application because an operation is in progress on: ${names}.`,
    )
  }
  const startedAt = context.clock.now().toISOString()
  for (const { id, status } of environments) {
    if (status === 'Terminating') continue
    await context.store.changeEnvironment(id, (environment) =>
      beginOperation(environment, { kind: 'terminate', requestId, startedAt }),
    )
  }
}

/** Takes the application and its versions away; the bundles in S3 stay. */
export async function removeApplication(
  { store, events }: Context,
  name: string,
  requestId?: string,
): Promise<void> {
  await store.changeApplications((all) => {
    all.splice(
      all.findIndex((application) => application.name === name),
      1,
    )
  })
  const scope = { application: name, ...(requestId === undefined ? {} : { requestId }) }
  await events.record(scope, 'INFO', 'The application has been deleted successfully.')
}
