import type { ConfigurationSettingsDescription } from '@aws-sdk/client-elastic-beanstalk'
import type { Context } from '../context.ts'
import { withDefaults } from '../options/settings.ts'
import { platformArnOf, solutionStackOf } from '../platform/catalog.ts'
import type { Environment, Setting, Template } from '../state/model.ts'

type Place = Pick<Context, 'region'>

/** An environment's settings: those that are deployed, or those that are to be. */
export function describeSettings(
  place: Place,
  environment: Environment,
  settings: readonly Setting[],
  status: 'deployed' | 'pending',
): ConfigurationSettingsDescription {
  return {
    ...described(place, environment, settings),
    ApplicationName: environment.application,
    EnvironmentName: environment.name,
    DeploymentStatus: status,
  }
}

export function describeTemplate(
  place: Place,
  application: string,
  template: Template,
): ConfigurationSettingsDescription {
  return {
    ...described(place, template, template.settings),
    ApplicationName: application,
    TemplateName: template.name,
  }
}

function described(
  { region }: Place,
  of: { platformVersion: string; description?: string | undefined; createdAt: string; updatedAt: string },
  settings: readonly Setting[],
): ConfigurationSettingsDescription {
  return {
    SolutionStackName: solutionStackOf(of.platformVersion),
    PlatformArn: platformArnOf(of.platformVersion, region),
    Description: of.description,
    DateCreated: new Date(of.createdAt),
    DateUpdated: new Date(of.updatedAt),
    OptionSettings: withDefaults(settings).map(({ namespace, name, value }) => ({
      Namespace: namespace,
      OptionName: name,
      ...(value === '' ? {} : { Value: value }),
    })),
  }
}
