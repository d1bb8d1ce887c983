import type {
  CreateApplicationVersionCommandInput,
  CreateApplicationVersionCommandOutput,
  S3Location,
} from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError, type Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidCombination, invalidValue, noApplication } from '../errors.ts'
import type { Version } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { readTags } from '../validation/tags.ts'
import { addApplication } from './applications.ts'
import { describeVersion } from './describe.ts'
import type { Service } from './service.ts'
import { expireVersions } from './version-lifecycle.ts'
import { quotas } from './quotas.ts'

/** Bytes; the service refuses a larger bundle. */
const bundleLimit = 500 * 1024 * 1024

export function createApplicationVersion({
  context,
}: Service): Action<
  CreateApplicationVersionCommandInput,
  Omit<CreateApplicationVersionCommandOutput, '$metadata'>
> {
  return async (input, call) => {
    checkParameters(input, ['ApplicationName', 'VersionLabel'])
    const application = input.ApplicationName!
    const label = input.VersionLabel!
    refuseWhatIsNotEmulated(input)
    await checkVersion(context, input)
    if (context.store.application(application) === undefined) {
      await addApplication(context, call.requestId, {
        name: application,
        description: undefined,
        lifecycle: undefined,
        tags: [],
      })
    }
    const version = versionOf(input, context.clock.now())
    const scope = { application, version: label, requestId: call.requestId }
    await context.events.record(scope, 'INFO', 'createApplicationVersion is starting.')
    await context.store.changeApplications((all) => {
      all.find(({ name }) => name === application)!.versions.push(version)
    })
    await context.events.record(scope, 'INFO', `Created new Application Version: ${label}`)
    await context.events.record(scope, 'INFO', 'createApplicationVersion completed successfully.')
    await expireVersions(context, application, label)
    return { ApplicationVersion: describeVersion(context, application, version) }
  }
}

async function checkVersion(
  { store, objects }: Context,
  input: CreateApplicationVersionCommandInput,
): Promise<void> {
  const application = store.application(input.ApplicationName!)
  if (application === undefined && !input.AutoCreateApplication) throw noApplication(input.ApplicationName!)
  if (application?.versions.some(({ label }) => label === input.VersionLabel)) {
    throw invalidValue(`Application Version ${input.VersionLabel} already exists.`)
  }
  const count = store.applications().reduce((sum, { versions }) => sum + versions.length, 0)
  if (count >= quotas.versions) {
    throw new ServiceError(
      'TooManyApplicationVersionsException',
      `You cannot have more than ${quotas.versions} Application Versions. Either remove some Application Versions or request a limit increase.`,
    )
  }
  if (input.SourceBundle !== undefined) await checkBundle(objects, input.SourceBundle)
}

async function checkBundle(objects: Context['objects'], { S3Bucket, S3Key }: S3Location): Promise<void> {
  if (!S3Bucket || !S3Key)
    throw invalidCombination('Both S3Bucket and S3Key must be specified in SourceBundle.')
  const object = await objects.stat(S3Bucket, S3Key)
  if (object === undefined) {
    throw invalidCombination(
      `Unable to download from S3 location (Bucket: ${S3Bucket}  Key: ${S3Key}). Reason: Not Found`,
    )
  }
  if (object.bytes > bundleLimit) {
    throw invalidValue(
      `Source bundle is ${object.bytes} bytes and exceeds maximum allowed size: ${bundleLimit}`,
    )
  }
}

function refuseWhatIsNotEmulated(input: CreateApplicationVersionCommandInput): void {
  if (input.SourceBundle !== undefined && input.SourceBuildInformation !== undefined) {
    throw invalidCombination('Source bundle and SourceBuildInformation cannot both be specified.')
  }
  if (input.SourceBuildInformation ?? input.BuildConfiguration ?? input.ImageConfiguration) {
    throw invalidValue('The embedded Beanstalk builds no application versions: give a SourceBundle.')
  }
}

function versionOf(input: CreateApplicationVersionCommandInput, now: Date): Version {
  const source = input.SourceBundle
  return {
    label: input.VersionLabel!,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(source && { source: { bucket: source.S3Bucket!, key: source.S3Key! } }),
    process: input.Process ?? false,
    status: input.Process ? 'PROCESSED' : 'UNPROCESSED',
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    tags: readTags(input.Tags),
  }
}
