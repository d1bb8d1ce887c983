import type {
  ConfigurationOptionDescription,
  DescribeConfigurationOptionsCommandInput,
  DescribeConfigurationOptionsCommandOutput,
  DescribeConfigurationSettingsCommandInput,
  DescribeConfigurationSettingsCommandOutput,
  ValidateConfigurationSettingsCommandInput,
  ValidateConfigurationSettingsCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidCombination, invalidValue } from '../errors.ts'
import type { Option } from '../options/option.ts'
import { readSettings } from '../options/read.ts'
import { mergeSettings } from '../options/settings.ts'
import { isUserDefined, options } from '../options/table.ts'
import { networkProblems } from '../options/network.ts'
import { problemsOf } from '../options/validate.ts'
import { latestOf, platformArnOf, platformsOf, solutionStackOf } from '../platform/catalog.ts'
import type { Environment, Template } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { platformNamed } from './create-environment.ts'
import { describeSettings, describeTemplate } from './describe-settings.ts'
import { findApplication, findEnvironment, findTemplate } from './find.ts'
import type { Service } from './service.ts'

/** What is deployed, and, while a configuration is being applied, what is to be: two descriptions then. */
export function describeConfigurationSettings({
  context,
}: Service): Action<
  DescribeConfigurationSettingsCommandInput,
  Omit<DescribeConfigurationSettingsCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, ['ApplicationName'])
    const found = configurationOf(context, input)
    if (!('instances' in found))
      return { ConfigurationSettings: [describeTemplate(context, input.ApplicationName!, found)] }
    const pending = found.operation?.settings
    return {
      ConfigurationSettings: [
        describeSettings(context, found, found.settings, 'deployed'),
        ...(pending ? [describeSettings(context, found, pending, 'pending')] : []),
      ],
    }
  }
}

interface ConfigurationKey {
  ApplicationName?: string | undefined
  EnvironmentName?: string | undefined
  TemplateName?: string | undefined
}

/** What exactly one of the names means. */
function configurationOf({ store }: Context, input: ConfigurationKey): Environment | Template {
  const { ApplicationName, EnvironmentName, TemplateName } = input
  const application = findApplication(store, ApplicationName!)
  if ((EnvironmentName === undefined) === (TemplateName === undefined)) {
    throw invalidCombination('Exactly one of EnvironmentName and TemplateName must be specified.')
  }
  if (TemplateName !== undefined) return findTemplate(application, TemplateName)
  const environment = findEnvironment(store, { EnvironmentName })
  if (environment.application === ApplicationName) return environment
  throw invalidValue(`No Environment found for EnvironmentName = '${EnvironmentName}'.`)
}

/** The platform's options, or those asked for; with an environment, its own properties too. */
export function describeConfigurationOptions({
  context,
}: Service): Action<
  DescribeConfigurationOptionsCommandInput,
  Omit<DescribeConfigurationOptionsCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    const environment =
      input.EnvironmentName === undefined ? undefined : findEnvironment(context.store, input)
    const version =
      environment?.platformVersion ??
      platformAsked(context, input) ??
      latestOf(platformsOf(context.ground.scenario))
    const own: Option[] = (environment?.settings ?? [])
      .filter(({ namespace }) => isUserDefined(namespace))
      .map(({ namespace, name }) => ({ namespace, name, severity: 'RestartApplicationServer', kind: 'text' }))
    const wanted = input.Options
    const described = [...options, ...own].filter(
      ({ namespace, name }) =>
        !wanted?.length ||
        wanted.some((one) => namespace === (one.Namespace ?? namespace) && name === (one.OptionName ?? name)),
    )
    return {
      SolutionStackName: solutionStackOf(version),
      PlatformArn: platformArnOf(version, context.region),
      Options: described.map(describeOption),
    }
  }
}

function platformAsked(
  context: Context,
  input: DescribeConfigurationOptionsCommandInput,
): string | undefined {
  if (input.TemplateName === undefined || input.ApplicationName === undefined)
    return platformNamed(context, input)
  return findTemplate(findApplication(context.store, input.ApplicationName), input.TemplateName)
    .platformVersion
}

function describeOption(option: Option): ConfigurationOptionDescription {
  return {
    Namespace: option.namespace,
    Name: option.name,
    DefaultValue: option.defaultValue,
    ChangeSeverity: option.severity,
    UserDefined: isUserDefined(option.namespace),
    ValueType: option.kind === 'list' ? 'List' : 'Scalar',
    ValueOptions: option.choices ?? (option.kind === 'boolean' ? ['true', 'false'] : undefined),
    MinValue: option.min,
    MaxValue: option.max,
    MaxLength: option.maxLength,
    Regex: option.pattern && { Pattern: option.pattern.regex.source, Label: option.pattern.label },
  }
}

/** Everything that is wrong, instead of the first. */
export function validateConfigurationSettings({
  context,
}: Service): Action<
  ValidateConfigurationSettingsCommandInput,
  Omit<ValidateConfigurationSettingsCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'OptionSettings'])
    const { settings } = configurationOf(context, input)
    const changes = readSettings(input.OptionSettings)
    const all = mergeSettings(settings, changes, [])
    const before = input.EnvironmentName === undefined ? undefined : settings
    const problems = [
      ...problemsOf(changes, all, settings),
      ...networkProblems(context.ground.network, all, before),
    ]
    return {
      Messages: problems.map(({ severity, namespace, name, message }) => ({
        Severity: severity,
        Namespace: namespace,
        OptionName: name,
        Message: message,
      })),
    }
  }
}
