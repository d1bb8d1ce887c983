import {
  CreateApplicationCommand,
  CreateApplicationVersionCommand,
  CreateEnvironmentCommand,
  CreateStorageLocationCommand,
  DeleteApplicationCommand,
  DeleteApplicationVersionCommand,
  DescribeApplicationsCommand,
  DescribeConfigurationSettingsCommand,
  DescribeEnvironmentHealthCommand,
  DescribeEnvironmentResourcesCommand,
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
  RequestEnvironmentInfoCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Beanstalk } from '../beanstalk/ports.ts'
import { unlessAbsent } from './absent.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { recovery } from './recovery.ts'
import { environmentOf, settingsOf, toKeys, toLifecycle, toSettings } from './shapes.ts'
import {
  allEnvironments,
  allEvents,
  allInstances,
  allVersions,
  dockerPlatforms,
  deliveredLogs,
} from './beanstalk-pages.ts'
import { toTags } from './tags.ts'
import { translated } from './translate-error.ts'

/** Elastic Beanstalk behind the {@link Beanstalk} port. */
export function openBeanstalk(connection: Connection): Beanstalk {
  const client = new ElasticBeanstalkClient(clientOptions(connection))
  const run = <T>(operation: string, signal: AbortSignal | undefined, call: () => Promise<T>) =>
    translated(connection, operation, signal, call)

  return {
    describeApplication: (name, signal) =>
      run('DescribeApplications', signal, async () => {
        const { Applications } = await client.send(
          new DescribeApplicationsCommand({ ApplicationNames: [name] }),
          callOptions(signal),
        )
        const found = Applications?.find((application) => application.ApplicationName === name)
        return found && { arn: found.ApplicationArn }
      }),

    listApplications: (signal) =>
      run('DescribeApplications', signal, async () => {
        const { Applications } = await client.send(new DescribeApplicationsCommand({}), callOptions(signal))
        return (Applications ?? []).flatMap(({ ApplicationName }) => ApplicationName ?? [])
      }),

    createApplication: ({ name, lifecycle, tags }, signal) =>
      run('CreateApplication', signal, async () => {
        await client.send(
          new CreateApplicationCommand({
            ApplicationName: name,
            Description: 'Deployed by lucree',
            Tags: toTags(tags),
            ...(lifecycle ? { ResourceLifecycleConfig: toLifecycle(lifecycle) } : {}),
          }),
          callOptions(signal),
        )
      }),

    deleteApplication: (name, signal) =>
      run('DeleteApplication', signal, async () => {
        await unlessAbsent(() =>
          client.send(new DeleteApplicationCommand({ ApplicationName: name }), callOptions(signal)),
        )
      }),

    createStorageLocation: (signal) =>
      run('CreateStorageLocation', signal, async () => {
        const { S3Bucket } = await client.send(new CreateStorageLocationCommand({}), callOptions(signal))
        return S3Bucket ?? ''
      }),

    describeVersions: (application, labels, signal) =>
      run('DescribeApplicationVersions', signal, () => allVersions(client, application, labels, signal)),

    createVersion: ({ application, label, description, bucket, key }, signal) =>
      run('CreateApplicationVersion', signal, async () => {
        await client.send(
          new CreateApplicationVersionCommand({
            ApplicationName: application,
            VersionLabel: label,
            Description: description,
            SourceBundle: { S3Bucket: bucket, S3Key: key },
          }),
          callOptions(signal),
        )
      }),

    deleteVersion: (application, label, deleteBundle, signal) =>
      run('DeleteApplicationVersion', signal, async () => {
        await unlessAbsent(() =>
          client.send(
            new DeleteApplicationVersionCommand({
              ApplicationName: application,
              VersionLabel: label,
              DeleteSourceBundle: deleteBundle,
            }),
            callOptions(signal),
          ),
        )
      }),

    describeEnvironments: ({ application, environment }, signal) =>
      run('DescribeEnvironments', signal, async () => {
        const { Environments } = await client.send(
          new DescribeEnvironmentsCommand({
            ApplicationName: application,
            IncludeDeleted: false,
            ...(environment ? { EnvironmentNames: [environment] } : {}),
          }),
          callOptions(signal),
        )
        return (Environments ?? []).map(environmentOf)
      }),

    describeRegion: (terminatedSince, signal) =>
      run('DescribeEnvironments', signal, () => allEnvironments(client, terminatedSince, signal)),

    findEnvironment: (name, signal) =>
      run('DescribeEnvironments', signal, async () => {
        const { Environments } = await client.send(
          new DescribeEnvironmentsCommand({ EnvironmentNames: [name], IncludeDeleted: false }),
          callOptions(signal),
        )
        return Environments?.map(environmentOf)[0]
      }),

    createEnvironment: (request, signal) =>
      run('CreateEnvironment', signal, async () => {
        const answer = await client.send(
          new CreateEnvironmentCommand({
            ApplicationName: request.application,
            EnvironmentName: request.environment,
            Description: request.description,
            PlatformArn: request.platformArn,
            VersionLabel: request.versionLabel,
            OptionSettings: toSettings(request.settings),
            Tags: toTags(request.tags),
            Tier: { Name: 'WebServer', Type: 'Standard' },
          }),
          callOptions(signal),
        )
        return { requestId: answer.$metadata.requestId ?? '', environment: environmentOf(answer) }
      }),

    updateEnvironment: ({ environment, versionLabel, settings, remove }, signal) =>
      run('UpdateEnvironment', signal, async () => {
        const answer = await client.send(
          new UpdateEnvironmentCommand({
            EnvironmentName: environment,
            ...(versionLabel ? { VersionLabel: versionLabel } : {}),
            ...(settings?.length ? { OptionSettings: toSettings(settings) } : {}),
            ...(remove?.length ? { OptionsToRemove: toKeys(remove) } : {}),
          }),
          callOptions(signal),
        )
        return { requestId: answer.$metadata.requestId ?? '' }
      }),

    ...recovery(client, run),

    describeSettings: (application, environment, signal) =>
      run('DescribeConfigurationSettings', signal, async () => {
        const { ConfigurationSettings } = await client.send(
          new DescribeConfigurationSettingsCommand({
            ApplicationName: application,
            EnvironmentName: environment,
          }),
          callOptions(signal),
        )
        // Drafts that are pending or have failed show beside what is deployed (facts sheet §3.2).
        const having = (status: string | undefined) =>
          ConfigurationSettings?.find(({ DeploymentStatus }) => DeploymentStatus === status)
        const deployed = having('deployed') ?? having(undefined)
        return settingsOf((deployed ?? ConfigurationSettings?.[0])?.OptionSettings)
      }),

    describeEvents: (filter, signal) =>
      run('DescribeEvents', signal, () => allEvents(client, filter, signal)),

    describeHealth: (environment, signal) =>
      run('DescribeEnvironmentHealth', signal, async () => {
        const health = await client.send(
          new DescribeEnvironmentHealthCommand({
            EnvironmentName: environment,
            AttributeNames: ['HealthStatus', 'Color', 'Causes'],
          }),
          callOptions(signal),
        )
        return {
          status: health.HealthStatus ?? 'Unknown',
          color: health.Color ?? 'Grey',
          causes: health.Causes ?? [],
        }
      }),

    describeResources: (environment, signal) =>
      run('DescribeEnvironmentResources', signal, async () => {
        const { EnvironmentResources: made } = await client.send(
          new DescribeEnvironmentResourcesCommand({ EnvironmentName: environment }),
          callOptions(signal),
        )
        return {
          scalingGroups: named(made?.AutoScalingGroups),
          loadBalancers: named(made?.LoadBalancers),
          instances: (made?.Instances ?? []).flatMap(({ Id }) => Id ?? []),
        }
      }),

    describeInstances: (environment, signal) =>
      run('DescribeInstancesHealth', signal, () => allInstances(client, environment, signal)),

    latestDockerPlatform: (signal) =>
      run('ListPlatformVersions', signal, () => dockerPlatforms(client, connection, signal)),

    requestLogs: (environment, kind, signal) =>
      run('RequestEnvironmentInfo', signal, async () => {
        await client.send(
          new RequestEnvironmentInfoCommand({ EnvironmentName: environment, InfoType: kind }),
          callOptions(signal),
        )
      }),

    retrieveLogs: (environment, kind, signal) =>
      run('RetrieveEnvironmentInfo', signal, () =>
        deliveredLogs(client, connection, { environment, kind }, signal),
      ),
  }
}

function named(resources: { Name?: string }[] = []): string[] {
  return resources.flatMap(({ Name }) => Name ?? [])
}
