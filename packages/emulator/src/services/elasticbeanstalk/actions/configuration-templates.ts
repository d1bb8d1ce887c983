import type {
  ConfigurationSettingsDescription,
  CreateConfigurationTemplateCommandInput,
  DeleteConfigurationTemplateCommandInput,
  DeleteEnvironmentConfigurationCommandInput,
  UpdateConfigurationTemplateCommandInput,
} from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError, type Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidCombination, invalidValue } from '../errors.ts'
import { applySettings, readRemovals, readSettings } from '../options/read.ts'
import type { Application, Setting, Template } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { changeApplication } from './change-application.ts'
import { platformNamed } from './create-environment.ts'
import { describeTemplate } from './describe-settings.ts'
import { findApplication, findEnvironment, findTemplate } from './find.ts'
import { quotas } from './quotas.ts'
import type { Service } from './service.ts'

/** Saves settings under a name: those of an environment, of another template or none, with the request's own over them. */
export function createConfigurationTemplate({
  context,
}: Service): Action<CreateConfigurationTemplateCommandInput, ConfigurationSettingsDescription> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'TemplateName'])
    const application = findApplication(context.store, input.ApplicationName!)
    const name = input.TemplateName!
    if (application.templates.some((template) => template.name === name))
      throw invalidValue(`Configuration Template ${name} already exists.`)
    refuseTooMany(context)
    const { platformVersion, settings } = sourceOf(context, application, input)
    const at = context.clock.now().toISOString()
    const template: Template = {
      name,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      platformVersion,
      settings: applySettings(undefined, [...settings, ...readSettings(input.OptionSettings)], []),
      createdAt: at,
      updatedAt: at,
    }
    await changeApplication(context, application.name, (draft) => void draft.templates.push(template))
    return describeTemplate(context, application.name, template)
  }
}

function refuseTooMany({ store }: Context): void {
  const count = store.applications().reduce((sum, { templates }) => sum + templates.length, 0)
  if (count < quotas.templates) return
  throw new ServiceError(
    'TooManyConfigurationTemplatesException',
    `You cannot have more than ${quotas.templates} Configuration Templates. Either remove some Configuration Templates or request a limit increase.`,
  )
}

/** Where a new template begins: exactly one of an environment, another template, or a platform. */
function sourceOf(
  context: Context,
  application: Application,
  input: CreateConfigurationTemplateCommandInput,
): { platformVersion: string; settings: readonly Setting[] } {
  const { EnvironmentId, SourceConfiguration } = input
  const named = platformNamed(context, input)
  if ([named, EnvironmentId, SourceConfiguration].filter((source) => source !== undefined).length > 1) {
    throw invalidCombination(
      'Only one of EnvironmentId, SourceConfiguration, PlatformArn and SolutionStackName can be specified.',
    )
  }
  if (EnvironmentId !== undefined) {
    const environment = findEnvironment(context.store, { EnvironmentId })
    if (environment.application === application.name) return environment
    throw invalidValue(`No Environment found for EnvironmentId = '${EnvironmentId}'.`)
  }
  if (SourceConfiguration !== undefined) {
    const { ApplicationName = application.name, TemplateName = '' } = SourceConfiguration
    return findTemplate(findApplication(context.store, ApplicationName), TemplateName)
  }
  if (named === undefined)
    throw invalidValue('Unable to determine base for template pack (no solution stack)')
  return { platformVersion: named, settings: [] }
}

/** Changes a template. Environments that were made with it stay as they are. */
export function updateConfigurationTemplate({
  context,
}: Service): Action<UpdateConfigurationTemplateCommandInput, ConfigurationSettingsDescription> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'TemplateName'])
    const application = findApplication(context.store, input.ApplicationName!)
    const before = findTemplate(application, input.TemplateName!)
    const changes = readSettings(input.OptionSettings)
    const settings = applySettings(before.settings, changes, readRemovals(input.OptionsToRemove))
    const changed = await changeApplication(context, application.name, (draft) => {
      const template = findTemplate(draft, before.name)
      template.settings = settings
      template.updatedAt = context.clock.now().toISOString()
      if (input.Description !== undefined) template.description = input.Description
    })
    return describeTemplate(context, application.name, findTemplate(changed, before.name))
  }
}

export function deleteConfigurationTemplate({
  context,
}: Service): Action<DeleteConfigurationTemplateCommandInput, object> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'TemplateName'])
    const application = findApplication(context.store, input.ApplicationName!)
    const { name } = findTemplate(application, input.TemplateName!)
    await changeApplication(context, application.name, (draft) => {
      draft.templates = draft.templates.filter((template) => template.name !== name)
    })
    return {}
  }
}

/** Deletes the draft of a configuration that could not be deployed; here none is ever kept, since a failed one is taken back. */
export function deleteEnvironmentConfiguration({
  context,
}: Service): Action<DeleteEnvironmentConfigurationCommandInput, object> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'EnvironmentName'])
    findApplication(context.store, input.ApplicationName!)
    findEnvironment(context.store, input)
    return {}
  }
}

/** Environments from manifests in several bundles at once aren't emulated. */
export function composeEnvironments(): Action<object, never> {
  return async () => {
    throw invalidValue(
      'The embedded Beanstalk composes no environments from manifests: create each one with CreateEnvironment.',
    )
  }
}
