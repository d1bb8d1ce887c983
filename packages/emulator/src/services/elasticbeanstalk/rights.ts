import type { Need } from '../../authorization/authorize.ts'
import type { Identities } from '../iam/identities.ts'
import type { ObjectStore } from '../s3/objects.ts'
import { liveEnvironments } from './actions/find.ts'
import { storageBucket } from './context.ts'
import { valueOf } from './options/settings.ts'
import { CHANGE, CREATE, STORAGE, TERMINATE, type Place } from './rights-on-behalf.ts'
import { ownNeeds, type Named } from './rights-own.ts'
import type { Environment, Setting } from './state/model.ts'
import type { Store } from './state/store.ts'

/** What rights depend on: what is there. */
export interface RightsContext {
  region: string
  accountId: string
  store: Store
  objects: ObjectStore
  identities: Identities | undefined
}

/** What the caller of an action must be allowed: the action itself, and what Beanstalk does for it with the caller's rights. */
export const needsOf =
  (context: RightsContext) =>
  async (operation: string, input: Record<string, unknown>): Promise<Need[]> => {
    const named = input as Named
    const behalf = await (Object.hasOwn(BEHALF, operation) ? BEHALF[operation]?.(context, named) : [])
    return [...ownNeeds(context, operation, named), ...(behalf ?? [])]
  }

type Behalf = (context: RightsContext, input: Named) => Need[] | Promise<Need[]>

const BEHALF: Record<string, Behalf> = {
  CreateStorageLocation: storage,
  CreateApplicationVersion: (_, { SourceBundle }) => readBundle(SourceBundle),
  DeleteApplicationVersion(context, { ApplicationName, VersionLabel, DeleteSourceBundle }) {
    if (!DeleteSourceBundle) return []
    const source = sourceOf(context, ApplicationName, VersionLabel)
    return source ? [behalf('s3:DeleteObject', objectArn(source))] : []
  },
  async CreateEnvironment(context, input) {
    const settings = settingsOf(input)
    const place = placeOf(context, { name: input.EnvironmentName ?? '*' }, settings)
    return [
      ...passRoles(context, settings),
      ...bundleOf(context, input.ApplicationName, input.VersionLabel),
      ...(await storage(context)),
      ...linkedRoles(context, place),
      ...CREATE(place),
    ]
  },
  UpdateEnvironment(context, input) {
    const environment = environmentOf(context, input)
    if (!environment) return []
    const changed = settingsOf(input)
    const place = placeOf(context, environment, [...changed, ...environment.settings])
    return [
      ...passRoles(context, changed),
      ...bundleOf(context, environment.application, input.VersionLabel),
      ...((input.OptionSettings ?? input.OptionsToRemove) ? CHANGE(place) : []),
    ]
  },
  TerminateEnvironment(context, input) {
    const environment = environmentOf(context, input)
    return environment ? TERMINATE(placeOf(context, environment, environment.settings)) : []
  },
  DeleteApplication(context, { ApplicationName, TerminateEnvByForce }) {
    if (!TerminateEnvByForce) return []
    const environments = liveEnvironments(context.store).filter(
      ({ application }) => application === ApplicationName,
    )
    return environments.flatMap((environment) =>
      TERMINATE(placeOf(context, environment, environment.settings)),
    )
  },
}

const behalf = (action: string, resource: string): Need => ({ action, resource, onBehalf: true })

/** The bucket is made with the caller's rights (facts sheet §2.2); one that is there is only looked at. */
async function storage(context: RightsContext): Promise<Need[]> {
  const bucket = storageBucket(context)
  return (await context.objects.bucketExists(bucket)) ? [] : STORAGE(bucket)
}

/** The profile's role is passed to EC2, the service role to Beanstalk (IAM user guide, "grant a user permissions to pass a role"). */
function passRoles({ identities, accountId }: RightsContext, settings: readonly Setting[]): Need[] {
  const pass = (resource: string, service: string): Need => ({
    ...behalf('iam:PassRole', resource),
    context: { 'iam:PassedToService': service },
  })
  const profile = lastOf(settings, 'aws:autoscaling:launchconfiguration', 'IamInstanceProfile')
  const service = lastOf(settings, 'aws:elasticbeanstalk:environment', 'ServiceRole')
  const instanceRole = profile ? identities?.instanceProfile(profile)?.role?.arn : undefined
  const serviceRole = service?.startsWith('arn:') ? service : `arn:aws:iam::${accountId}:role/${service}`
  return [
    ...(instanceRole ? [pass(instanceRole, 'ec2.amazonaws.com')] : []),
    ...(service
      ? [pass(identities?.role(service)?.arn ?? serviceRole, 'elasticbeanstalk.amazonaws.com')]
      : []),
  ]
}

/** Services make their own role on first use (facts sheet §2.1); one that is there needs no right. */
function linkedRoles({ identities, accountId }: RightsContext, place: Place): Need[] {
  const wanted: [service: string, role: string][] = [
    ['autoscaling.amazonaws.com', 'AWSServiceRoleForAutoScaling'],
    ...(place.ownServiceRole
      ? []
      : ([['elasticbeanstalk.amazonaws.com', 'AWSServiceRoleForElasticBeanstalk']] as [string, string][])),
    ...(place.balanced
      ? ([['elasticloadbalancing.amazonaws.com', 'AWSServiceRoleForElasticLoadBalancing']] as [
          string,
          string,
        ][])
      : []),
  ]
  return wanted
    .filter(([, role]) => identities !== undefined && !identities.role(role))
    .map(([service, role]) => ({
      ...behalf(
        'iam:CreateServiceLinkedRole',
        `arn:aws:iam::${accountId}:role/aws-service-role/${service}/${role}`,
      ),
      context: { 'iam:AWSServiceName': service },
    }))
}

function placeOf(
  { region, accountId }: RightsContext,
  { id = 'e-*', name }: { id?: string; name: string },
  settings: readonly Setting[],
): Place {
  const isSet = (namespace: string, option: string) => valueOf(settings, namespace, option)
  return {
    ...{ region, accountId, id, name },
    bucket: storageBucket({ region, accountId }),
    balanced: isSet('aws:elasticbeanstalk:environment', 'EnvironmentType') !== 'SingleInstance',
    streamsLogs: isSet('aws:elasticbeanstalk:cloudwatch:logs', 'StreamLogs') === 'true',
    ownServiceRole: isSet('aws:elasticbeanstalk:environment', 'ServiceRole') !== '',
  }
}

/** The settings of a request, those that name nothing left out: the action refuses them. */
const settingsOf = ({ OptionSettings = [] }: Named): Setting[] =>
  OptionSettings.flatMap(({ Namespace, OptionName, Value }) =>
    Namespace && OptionName ? [{ namespace: Namespace, name: OptionName, value: Value ?? '' }] : [],
  )

const lastOf = (settings: readonly Setting[], namespace: string, name: string): string | undefined =>
  settings.findLast((setting) => setting.namespace === namespace && setting.name === name)?.value || undefined

function environmentOf({ store }: RightsContext, input: Named): Environment | undefined {
  const { EnvironmentId, EnvironmentName } = input
  return liveEnvironments(store).find(({ id, name }) =>
    EnvironmentId === undefined ? name === EnvironmentName : id === EnvironmentId,
  )
}

function sourceOf({ store }: RightsContext, application = '', label: string | undefined) {
  return store.application(application)?.versions.find((version) => version.label === label)?.source
}

/** The version's bundle is read with the caller's rights. */
function bundleOf(
  context: RightsContext,
  application: string | undefined,
  label: string | undefined,
): Need[] {
  const source = label === undefined ? undefined : sourceOf(context, application, label)
  return source ? [behalf('s3:GetObject', objectArn(source))] : []
}

const readBundle = (source: Named['SourceBundle']): Need[] =>
  source?.S3Bucket && source.S3Key
    ? [behalf('s3:GetObject', objectArn({ bucket: source.S3Bucket, key: source.S3Key }))]
    : []

const objectArn = ({ bucket, key }: { bucket: string; key: string }) => `arn:aws:s3:::${bucket}/${key}`
