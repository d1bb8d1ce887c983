import type { Need } from '../../authorization/authorize.ts'
import { liveEnvironments } from './actions/find.ts'
import type { Store } from './state/store.ts'

/** Members of inputs that rights depend on. */
export interface Named {
  ApplicationName?: string
  VersionLabel?: string
  EnvironmentName?: string
  EnvironmentId?: string
  TemplateName?: string
  ResourceArn?: string
  TagsToAdd?: unknown[]
  TagsToRemove?: unknown[]
  Tags?: unknown[]
  OptionSettings?: { Namespace?: string; OptionName?: string; Value?: string }[]
  OptionsToRemove?: unknown[]
  SourceBundle?: { S3Bucket?: string; S3Key?: string }
  DeleteSourceBundle?: boolean
  TerminateEnvByForce?: boolean
}

interface Where {
  region: string
  accountId: string
  store: Store
}

/** Actions that look at many things, or at none in particular. */
const ON_EVERYTHING =
  /^(CheckDNSAvailability|CreateStorageLocation|Describe(AccountAttributes|Applications|ApplicationVersions|Environments|Events|PlatformVersion)|List(AvailableSolutionStacks|Platform\w+))$/

/** The caller's own right to an action of Beanstalk, on what it is about (Service Authorization Reference, AWS Elastic Beanstalk). */
export function ownNeeds(where: Where, operation: string, input: Named): Need[] {
  const resource = ON_EVERYTHING.test(operation) ? '*' : resourceOf(where, operation, input)
  const application = input.ApplicationName ?? environmentOf(where, input)?.application
  const context =
    application === undefined
      ? {}
      : { 'elasticbeanstalk:InApplication': arn(where, 'application', application) }
  const need = (name: string): Need => ({ action: `elasticbeanstalk:${name}`, resource, context })
  // two actions that only policies know
  const tagging = [
    ...(input.TagsToAdd?.length || (operation.startsWith('Create') && input.Tags?.length)
      ? [need('AddTags')]
      : []),
    ...(input.TagsToRemove?.length ? [need('RemoveTags')] : []),
  ]
  return operation === 'UpdateTagsForResource' ? tagging : [need(operation), ...tagging]
}

function resourceOf(where: Where, operation: string, input: Named): string {
  if (input.ResourceArn !== undefined) return input.ResourceArn
  const environment = environmentOf(where, input)
  if (environment) return arn(where, 'environment', `${environment.application}/${environment.name}`)
  const application = input.ApplicationName ?? '*'
  if (input.EnvironmentName !== undefined || input.EnvironmentId !== undefined)
    return arn(where, 'environment', `${application}/${input.EnvironmentName ?? '*'}`)
  if (operation === 'CreateEnvironment') return arn(where, 'environment', `${application}/*`)
  if (/ConfigurationTemplate$/.test(operation))
    return arn(where, 'configurationtemplate', `${application}/${input.TemplateName ?? '*'}`)
  if (input.VersionLabel !== undefined)
    return arn(where, 'applicationversion', `${application}/${input.VersionLabel}`)
  return input.ApplicationName === undefined ? '*' : arn(where, 'application', application)
}

function environmentOf({ store }: Where, { EnvironmentId, EnvironmentName }: Named) {
  return liveEnvironments(store).find(
    ({ id, name }) => id === EnvironmentId || (EnvironmentId === undefined && name === EnvironmentName),
  )
}

const arn = ({ region, accountId }: Where, kind: string, name: string): string =>
  `arn:aws:elasticbeanstalk:${region}:${accountId}:${kind}/${name}`
