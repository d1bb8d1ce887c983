import type { RebuildEnvironmentCommandInput } from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidValue, notReady } from '../errors.ts'
import { sampleLabel } from '../instance/sample-application.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import type { Environment } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { checkCapacity, checkPrefix } from './create-environment.ts'
import { findApplication, findEnvironment, findVersion } from './find.ts'
import type { Service } from './service.ts'

/** Takes an environment that is Ready away and launches it again; revives one that was terminated and isn't forgotten yet. */
export function rebuildEnvironment({
  context,
  operations,
}: Service): Action<RebuildEnvironmentCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, [])
    const { id, status, name, port } = findLastEnvironment(context, input)
    if (status !== 'Ready' && status !== 'Terminated') throw notReady(name)
    const address = status === 'Ready' ? port : await revivedPort(context, context.store.environment(id)!)
    const startedAt = context.clock.now().toISOString()
    await context.store.changeEnvironment(id, (draft) => {
      beginOperation(draft, { kind: 'rebuild', requestId: call.requestId, startedAt })
      draft.port = address
      delete draft.terminatedAt
    })
    operations.start(id)
    return {}
  }
}

/** The one that lives, else the one that was terminated last. */
function findLastEnvironment({ store }: Context, input: RebuildEnvironmentCommandInput): Environment {
  const { EnvironmentId, EnvironmentName } = input
  const terminated = store
    .environments()
    .filter(({ terminatedAt }) => terminatedAt !== undefined)
    .filter(({ id, name }) => id === (EnvironmentId ?? id) && name === (EnvironmentName ?? name))
    .sort((a, b) => Date.parse(a.terminatedAt!) - Date.parse(b.terminatedAt!))
  const named = EnvironmentId !== undefined || EnvironmentName !== undefined
  const living = store
    .environments()
    .some(
      ({ id, name, status }) =>
        status !== 'Terminated' && id === (EnvironmentId ?? id) && name === (EnvironmentName ?? name),
    )
  return named && !living && terminated.length > 0 ? terminated.at(-1)! : findEnvironment(store, input)
}

/** Throws when its name, its prefix, its application or its version isn't to be had any more. */
async function revivedPort(context: Context, environment: Environment): Promise<number> {
  checkCapacity(context, environment.name)
  checkPrefix(context, environment.cnamePrefix)
  const application = findApplication(context.store, environment.application)
  if (application.deleting) throw invalidValue(`Application ${application.name} is being deleted.`)
  if (environment.versionLabel !== sampleLabel) findVersion(application, environment.versionLabel)
  return context.fronts.open(environment.id, environment.port)
}
