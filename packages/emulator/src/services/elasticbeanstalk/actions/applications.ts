import type {
  CreateApplicationCommandInput,
  CreateApplicationCommandOutput,
  DescribeApplicationsCommandInput,
  DescribeApplicationsCommandOutput,
  UpdateApplicationCommandInput,
  UpdateApplicationCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { ServiceError } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidValue } from '../errors.ts'
import type { Application } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { readTags } from '../validation/tags.ts'
import { changeApplication } from './change-application.ts'
import { describeApplication } from './describe.ts'
import { findApplication } from './find.ts'
import { readLifecycle } from './lifecycle-rules.ts'
import { quotas } from './quotas.ts'

type Answer<T> = Omit<T, '$metadata'>

export function createApplication({
  context,
}: {
  context: Context
}): Action<CreateApplicationCommandInput, Answer<CreateApplicationCommandOutput>> {
  return async (input, call) => {
    checkParameters(input, ['ApplicationName'])
    const name = input.ApplicationName!
    if (name.includes('/'))
      throw invalidValue(
        `Value ${name} at 'ApplicationName' failed to satisfy constraint: Member must not contain a slash`,
      )
    if (context.store.application(name)) throw invalidValue(`Application ${name} already exists.`)
    const application = await addApplication(context, call.requestId, {
      name,
      description: input.Description,
      lifecycle: readLifecycle(input.ResourceLifecycleConfig, undefined),
      tags: readTags(input.Tags),
    })
    return { Application: describeApplication(context, application) }
  }
}

/** Makes an application and tells its events. */
export async function addApplication(
  { store, events, clock }: Context,
  requestId: string,
  given: Pick<Application, 'name' | 'description' | 'lifecycle' | 'tags'>,
): Promise<Application> {
  if (store.applications().length >= quotas.applications) {
    const advice = 'Either remove some Applications or request a limit increase.'
    throw new ServiceError(
      'TooManyApplicationsException',
      `You cannot have more than ${quotas.applications} Applications. ${advice}`,
    )
  }
  const at = clock.now().toISOString()
  const application: Application = { ...given, createdAt: at, updatedAt: at, versions: [], templates: [] }
  const scope = { application: given.name, requestId }
  await events.record(scope, 'INFO', 'createApplication is starting.')
  await store.changeApplications((applications) => void applications.push(application))
  await events.record(scope, 'INFO', `Created new Application: ${given.name}`)
  await events.record(scope, 'INFO', 'createApplication completed successfully.')
  return application
}

export function describeApplications({
  context,
}: {
  context: Context
}): Action<DescribeApplicationsCommandInput, Answer<DescribeApplicationsCommandOutput>> {
  return async ({ ApplicationNames }) => {
    const wanted = context.store
      .applications()
      .filter(({ name }) => ApplicationNames === undefined || ApplicationNames.includes(name))
    return { Applications: wanted.map((application) => describeApplication(context, application)) }
  }
}

/** Changes the description, which is all that can be changed of one but its tags and rules. */
export function updateApplication({
  context,
}: {
  context: Context
}): Action<UpdateApplicationCommandInput, Answer<UpdateApplicationCommandOutput>> {
  return async (input, call) => {
    checkParameters(input, ['ApplicationName'])
    const { name } = findApplication(context.store, input.ApplicationName!)
    const scope = { application: name, requestId: call.requestId }
    await context.events.record(scope, 'INFO', 'updateApplication is starting.')
    const changed = await changeApplication(context, name, (draft) => {
      if (input.Description !== undefined) draft.description = input.Description
    })
    await context.events.record(scope, 'INFO', 'updateApplication completed successfully.')
    return { Application: describeApplication(context, changed) }
  }
}
