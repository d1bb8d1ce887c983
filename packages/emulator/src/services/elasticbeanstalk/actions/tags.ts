import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  UpdateTagsForResourceCommandInput,
} from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError, type Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import type { Tag } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { environmentTags, mergeTags, readTags } from '../validation/tags.ts'
import { applicationArn, environmentArn, versionArn } from './describe.ts'
import { liveEnvironments } from './find.ts'
import type { Service } from './service.ts'

type Resource =
  | { kind: 'application'; name: string; tags: Tag[] }
  | { kind: 'version'; name: string; label: string; tags: Tag[] }
  | { kind: 'environment'; id: string; tags: Tag[]; own: Tag[] }

export function listTagsForResource({
  context,
}: Service): Action<ListTagsForResourceCommandInput, Omit<ListTagsForResourceCommandOutput, '$metadata'>> {
  return async (input) => {
    checkParameters(input, ['ResourceArn'])
    const resource = findResource(context, input.ResourceArn!)
    const own = resource.kind === 'environment' ? resource.own : []
    return {
      ResourceArn: input.ResourceArn,
      ResourceTags: [...own, ...resource.tags].map(({ key, value }) => ({ Key: key, Value: value })),
    }
  }
}

/** An environment must be Ready and is Updating for a while; applications and versions change at once. */
export function updateTagsForResource({
  context,
  operations,
}: Service): Action<UpdateTagsForResourceCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, ['ResourceArn'])
    const resource = findResource(context, input.ResourceArn!)
    const tags = mergeTags(resource.tags, readTags(input.TagsToAdd), input.TagsToRemove ?? [])
    if (resource.kind === 'environment') {
      const startedAt = context.clock.now().toISOString()
      await context.store.changeEnvironment(resource.id, (draft) => {
        beginOperation(draft, { kind: 'tags', requestId: call.requestId, startedAt })
        draft.tags = tags
      })
      operations.start(resource.id)
      return {}
    }
    await context.store.changeApplications((all) => {
      const application = all.find(({ name }) => name === resource.name)!
      const target =
        resource.kind === 'application'
          ? application
          : application.versions.find(({ label }) => label === resource.label)!
      target.tags = tags
    })
    return {}
  }
}

function findResource(context: Context, arn: string): Resource {
  for (const { name, tags, versions } of context.store.applications()) {
    if (arn === applicationArn(context, name)) return { kind: 'application', name, tags }
    const version = versions.find(({ label }) => arn === versionArn(context, name, label))
    if (version !== undefined) return { kind: 'version', name, label: version.label, tags: version.tags }
  }
  const environment = liveEnvironments(context.store).find((one) => arn === environmentArn(context, one))
  if (environment !== undefined) {
    return {
      kind: 'environment',
      id: environment.id,
      tags: environment.tags,
      own: environmentTags(environment),
    }
  }
  throw new ServiceError('ResourceNotFoundException', `Resource not found for arn ${arn}.`)
}
