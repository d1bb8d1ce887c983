import type {
  ConfigurationOptionSetting,
  EnvironmentDescription as SdkEnvironment,
  EventDescription,
  SingleInstanceHealth,
  ApplicationResourceLifecycleConfig,
  ApplicationVersionDescription,
} from '@aws-sdk/client-elastic-beanstalk'
import type { OptionKey, OptionSetting } from '../beanstalk/option-settings.ts'
import type {
  BeanstalkEvent,
  EnvironmentDescription,
  InstanceDescription,
  VersionDescription,
  VersionLifecycle,
} from '../beanstalk/ports.ts'

/** The SDK's shapes in lucree's words; what the service leaves out gets its neutral value here and nowhere else. */
export function environmentOf(sdk: SdkEnvironment): EnvironmentDescription {
  return {
    id: sdk.EnvironmentId ?? '',
    name: sdk.EnvironmentName ?? '',
    arn: sdk.EnvironmentArn ?? '',
    application: sdk.ApplicationName ?? '',
    status: sdk.Status ?? 'Unknown',
    health: sdk.Health ?? 'Grey',
    healthStatus: sdk.HealthStatus,
    versionLabel: sdk.VersionLabel,
    platformArn: sdk.PlatformArn,
    cname: sdk.CNAME,
    tier: sdk.Tier?.Name ?? 'WebServer',
    abortable: sdk.AbortableOperationInProgress ?? false,
    createdAt: sdk.DateCreated,
    updatedAt: sdk.DateUpdated,
  }
}

export function versionOf(sdk: ApplicationVersionDescription): VersionDescription {
  return {
    label: sdk.VersionLabel ?? '',
    // Upper case on the wire, capitalised in the SDK's enum (facts sheet §3.1).
    status: (sdk.Status ?? 'unprocessed').toLowerCase(),
    description: sdk.Description,
    bucket: sdk.SourceBundle?.S3Bucket,
    key: sdk.SourceBundle?.S3Key,
    createdAt: sdk.DateCreated,
  }
}

export function eventOf(sdk: EventDescription): BeanstalkEvent {
  return {
    at: sdk.EventDate ?? new Date(0),
    severity: sdk.Severity ?? 'INFO',
    message: sdk.Message ?? '',
    requestId: sdk.RequestId,
  }
}

export function instanceOf(sdk: SingleInstanceHealth, refreshedAt?: Date): InstanceDescription {
  const { Status, DeploymentTime } = sdk.Deployment ?? {}
  // Of a deployment that goes on it is the time of its beginning.
  const ended = Status?.toLowerCase() === 'deployed' ? DeploymentTime : undefined
  return {
    id: sdk.InstanceId ?? '',
    healthStatus: sdk.HealthStatus ?? 'Unknown',
    color: sdk.Color ?? 'Grey',
    causes: sdk.Causes ?? [],
    version: sdk.Deployment?.VersionLabel,
    deploymentId: sdk.Deployment?.DeploymentId,
    deploymentStatus: Status?.toLowerCase(),
    deployedAgoMs: ended && refreshedAt && refreshedAt.getTime() - ended.getTime(),
    launchedAt: sdk.LaunchedAt,
  }
}

export function settingsOf(sdk: ConfigurationOptionSetting[] = []): OptionSetting[] {
  return sdk.flatMap(({ Namespace, OptionName, Value }) =>
    Namespace && OptionName && Value !== undefined
      ? [{ namespace: Namespace, name: OptionName, value: Value }]
      : [],
  )
}

export function toSettings(settings: OptionSetting[]): ConfigurationOptionSetting[] {
  return settings.map(({ namespace, name, value }) => ({
    Namespace: namespace,
    OptionName: name,
    Value: value,
  }))
}

export function toKeys(keys: OptionKey[]): { Namespace: string; OptionName: string }[] {
  return keys.map(({ namespace, name }) => ({ Namespace: namespace, OptionName: name }))
}

export function toLifecycle({
  serviceRoleArn,
  keep,
  deleteBundles,
}: VersionLifecycle): ApplicationResourceLifecycleConfig {
  return {
    ServiceRole: serviceRoleArn,
    VersionLifecycleConfig: {
      MaxCountRule: { Enabled: true, MaxCount: keep, DeleteSourceFromS3: deleteBundles },
    },
  }
}
