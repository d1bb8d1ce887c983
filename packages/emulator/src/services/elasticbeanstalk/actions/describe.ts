import type {
  ApplicationDescription,
  ApplicationVersionDescription,
  ApplicationVersionStatus,
  EnvironmentDescription,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Context } from '../context.ts'
import { colorOf } from '../health/judge.ts'
import { isAbortable } from '../lifecycle/transitions.ts'
import { hasEnhancedHealth, isSingleInstance } from '../options/settings.ts'
import { platformArnOf, solutionStackOf } from '../platform/catalog.ts'
import type { Application, Environment, Version } from '../state/model.ts'
import { describeLifecycle } from './lifecycle-rules.ts'

type Place = Pick<Context, 'region' | 'accountId'>

export function applicationArn({ region, accountId }: Place, name: string): string {
  return `arn:aws:elasticbeanstalk:${region}:${accountId}:application/${name}`
}

export function versionArn({ region, accountId }: Place, application: string, label: string): string {
  return `arn:aws:elasticbeanstalk:${region}:${accountId}:applicationversion/${application}/${label}`
}

export function environmentArn({ region, accountId }: Place, environment: Environment): string {
  return `arn:aws:elasticbeanstalk:${region}:${accountId}:environment/${environment.application}/${environment.name}`
}

export function describeApplication(place: Place, application: Application): ApplicationDescription {
  return {
    ApplicationArn: applicationArn(place, application.name),
    ApplicationName: application.name,
    Description: application.description,
    DateCreated: new Date(application.createdAt),
    DateUpdated: new Date(application.updatedAt),
    Versions: application.versions.map((version) => version.label).reverse(),
    ConfigurationTemplates: application.templates.map((template) => template.name),
    ResourceLifecycleConfig: describeLifecycle(application.lifecycle),
  }
}

export function describeVersion(
  place: Place,
  application: string,
  version: Version,
): ApplicationVersionDescription {
  return {
    ApplicationVersionArn: versionArn(place, application, version.label),
    ApplicationName: application,
    Description: version.description,
    VersionLabel: version.label,
    SourceBundle: version.source && { S3Bucket: version.source.bucket, S3Key: version.source.key },
    DateCreated: new Date(version.createdAt),
    DateUpdated: new Date(version.updatedAt),
    // The wire has it in upper case, whatever the model's enum says.
    Status: version.status as ApplicationVersionStatus,
  }
}

/** CNAME and EndpointURL both tell where the environment is really reached. */
export function describeEnvironment(place: Place, environment: Environment): EnvironmentDescription {
  const address = `127.0.0.1:${environment.port}`
  const health = environment.health?.status ?? 'Pending'
  return {
    EnvironmentName: environment.name,
    EnvironmentId: environment.id,
    ApplicationName: environment.application,
    VersionLabel: environment.operation?.versionLabel ?? environment.versionLabel,
    SolutionStackName: solutionStackOf(environment.platformVersion),
    PlatformArn: platformArnOf(environment.platformVersion, place.region),
    Description: environment.description,
    EndpointURL: address,
    CNAME: address,
    DateCreated: new Date(environment.createdAt),
    DateUpdated: new Date(environment.updatedAt),
    Status: environment.status,
    AbortableOperationInProgress: isAbortable(environment),
    Health: colorOf(health),
    ...(hasEnhancedHealth(environment.settings) ? { HealthStatus: health } : {}),
    ...(isSingleInstance(environment.settings) ? {} : { Resources: describeBalancer(place, environment) }),
    Tier: { Name: environment.tier.name, Type: environment.tier.type, Version: environment.tier.version },
    EnvironmentLinks: [],
    EnvironmentArn: environmentArn(place, environment),
    OperationsRole: environment.operationsRole,
  }
}

function describeBalancer(place: Place, environment: Environment): EnvironmentDescription['Resources'] {
  return {
    LoadBalancer: {
      LoadBalancerName: balancerArn(place, environment),
      Domain: `127.0.0.1:${environment.port}`,
      Listeners: [{ Port: environment.port, Protocol: 'HTTP' }],
    },
  }
}

export function balancerArn({ region, accountId }: Place, { resources }: Environment): string {
  return `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/app/awseb--AWSEB-${resources.suffix}/${resources.balancer}`
}

export function scalingGroupName({ id, resources }: Environment): string {
  return `awseb-${id}-stack-AWSEBAutoScalingGroup-${resources.suffix}`
}
