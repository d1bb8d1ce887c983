import {
  CreateConfigurationTemplateCommand,
  DeleteConfigurationTemplateCommand,
  DescribeApplicationsCommand,
  DescribeConfigurationSettingsCommand,
  ElasticBeanstalkClient,
} from '@aws-sdk/client-elastic-beanstalk'
import type { SavedConfigurations } from '../beanstalk/ports.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { settingsOf, toSettings } from './shapes.ts'
import { translated } from './translate-error.ts'

/** Elastic Beanstalk's configuration templates behind the {@link SavedConfigurations} port. */
export function openSavedConfigurations(connection: Connection): SavedConfigurations {
  const client = new ElasticBeanstalkClient(clientOptions(connection))
  return {
    save: ({ application, name, environmentId, description, instead }, signal) =>
      translated(connection, 'CreateConfigurationTemplate', signal, async () => {
        await client.send(
          new CreateConfigurationTemplateCommand({
            ApplicationName: application,
            TemplateName: name,
            EnvironmentId: environmentId,
            Description: description,
            ...(instead.length > 0 ? { OptionSettings: toSettings(instead) } : {}),
          }),
          callOptions(signal),
        )
      }),

    list: (application, signal) =>
      translated(connection, 'DescribeApplications', signal, async () => {
        const { Applications } = await client.send(
          new DescribeApplicationsCommand({ ApplicationNames: [application] }),
          callOptions(signal),
        )
        return Applications?.[0]?.ConfigurationTemplates ?? []
      }),

    read: (application, name, signal) =>
      translated(connection, 'DescribeConfigurationSettings', signal, async () => {
        try {
          const { ConfigurationSettings } = await client.send(
            new DescribeConfigurationSettingsCommand({ ApplicationName: application, TemplateName: name }),
            callOptions(signal),
          )
          return ConfigurationSettings?.[0] && settingsOf(ConfigurationSettings[0].OptionSettings)
        } catch (error) {
          if (isUnknown(error)) return undefined
          throw error
        }
      }),

    remove: (application, name, signal) =>
      translated(connection, 'DeleteConfigurationTemplate', signal, async () => {
        try {
          await client.send(
            new DeleteConfigurationTemplateCommand({ ApplicationName: application, TemplateName: name }),
            callOptions(signal),
          )
        } catch (error) {
          if (!isUnknown(error)) throw error
        }
      }),
  }
}

/** The service has no code of its own for a template that isn't there. */
function isUnknown(error: unknown): boolean {
  const { name, message } = error as Error
  return name.startsWith('InvalidParameterValue') && /No Configuration Template named/i.test(message)
}
