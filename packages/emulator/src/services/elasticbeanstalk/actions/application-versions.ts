import type {
  DeleteApplicationVersionCommandInput,
  DescribeApplicationVersionsCommandInput,
  DescribeApplicationVersionsCommandOutput,
  UpdateApplicationVersionCommandInput,
  UpdateApplicationVersionCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError, type Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidValue } from '../errors.ts'
import type { Version } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { changeApplication } from './change-application.ts'
import { describeVersion } from './describe.ts'
import { findApplication, findVersion, liveEnvironments } from './find.ts'
import { pageOf } from './pages.ts'
import type { Service } from './service.ts'

/** Newest first. */
export function describeApplicationVersions({
  context,
}: Service): Action<
  DescribeApplicationVersionsCommandInput,
  Omit<DescribeApplicationVersionsCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    const { ApplicationName, VersionLabels, MaxRecords, NextToken } = input
    const applications =
      ApplicationName === undefined
        ? context.store.applications()
        : [findApplication(context.store, ApplicationName)]
    const versions = applications
      .flatMap(({ name, versions }) => versions.map((version) => ({ name, version })))
      .filter(({ version }) => !VersionLabels?.length || VersionLabels.includes(version.label))
      .sort((a, b) => Date.parse(b.version.createdAt) - Date.parse(a.version.createdAt))
    const { items, ...next } = pageOf(versions, MaxRecords, NextToken)
    return {
      ApplicationVersions: items.map(({ name, version }) => describeVersion(context, name, version)),
      ...next,
    }
  }
}

export function deleteApplicationVersion({
  context,
}: Service): Action<DeleteApplicationVersionCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, ['ApplicationName', 'VersionLabel'])
    const application = findApplication(context.store, input.ApplicationName!)
    const version = findVersion(application, input.VersionLabel!)
    refuseWhenUsed(context, application.name, version.label)
    const scope = { application: application.name, version: version.label, requestId: call.requestId }
    await context.events.record(scope, 'INFO', 'deleteApplicationVersion is starting.')
    await context.store.changeApplications((all) => {
      const draft = all.find(({ name }) => name === application.name)!
      draft.versions = draft.versions.filter(({ label }) => label !== version.label)
    })
    if (input.DeleteSourceBundle) await deleteBundle(context, version)
    await context.events.record(scope, 'INFO', `Deleted Application Version: ${version.label}`)
    return {}
  }
}

/** Changes the description: what a version deploys never changes. */
export function updateApplicationVersion({
  context,
}: Service): Action<
  UpdateApplicationVersionCommandInput,
  Omit<UpdateApplicationVersionCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'VersionLabel'])
    const application = findApplication(context.store, input.ApplicationName!)
    const { label } = findVersion(application, input.VersionLabel!)
    const changed = await changeApplication(context, application.name, (draft) => {
      const version = findVersion(draft, label)
      if (input.Description !== undefined) version.description = input.Description
      version.updatedAt = context.clock.now().toISOString()
    })
    return { ApplicationVersion: describeVersion(context, application.name, findVersion(changed, label)) }
  }
}

function refuseWhenUsed({ store }: Context, application: string, label: string): void {
  const users = liveEnvironments(store).filter(
    (environment) =>
      environment.application === application &&
      (environment.versionLabel === label || environment.operation?.versionLabel === label),
  )
  if (users.length === 0) return
  const names = users.map((environment) => environment.name).join(', ')
  throw invalidValue(
    `Unable to delete application version ${label} because it is being used by the following environments: ${names}`,
  )
}

async function deleteBundle({ objects }: Context, { label, source }: Version): Promise<void> {
  if (source === undefined) return
  try {
    await objects.remove(source.bucket, source.key)
  } catch (cause) {
    throw new ServiceError(
      'SourceBundleDeletionFailure',
      `Application version ${label} was deleted, but its source bundle in S3 (Bucket: ${source.bucket}  Key: ${source.key}) was not.`,
      400,
      { cause },
    )
  }
}
