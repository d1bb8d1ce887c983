import { choice, flag, inNamespace, integer, text } from './option.ts'

const weekTime = /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat):([01]\d|2[0-3]):[0-5]\d$/

/** Options of deployments, the environment itself, its health reports, logs and updates. */
export const deployingOptions = [
  ...inNamespace('aws:elasticbeanstalk:application', [
    text('Application Healthcheck URL', 'NoInterruption', ''),
  ]),
  ...inNamespace('aws:elasticbeanstalk:command', [
    integer('BatchSize', 'NoInterruption', '100', 1, 10_000),
    choice('BatchSizeType', 'NoInterruption', ['Percentage', 'Fixed'], 'Percentage'),
    choice(
      'DeploymentPolicy',
      'NoInterruption',
      ['AllAtOnce', 'Rolling', 'RollingWithAdditionalBatch', 'Immutable', 'TrafficSplitting'],
      'AllAtOnce',
    ),
    flag('IgnoreHealthCheck', 'NoInterruption', 'false'),
    integer('Timeout', 'NoInterruption', '600', 1, 3600),
  ]),
  ...inNamespace('aws:elasticbeanstalk:trafficsplitting', [
    integer('EvaluationTime', 'NoInterruption', '5', 3, 600),
    integer('NewVersionPercent', 'NoInterruption', '10', 1, 100),
  ]),
  ...inNamespace('aws:elasticbeanstalk:environment', [
    choice('EnvironmentType', 'RestartEnvironment', ['SingleInstance', 'LoadBalanced'], 'LoadBalanced'),
    text('ExternalExtensionsS3Bucket', 'NoInterruption'),
    text('ExternalExtensionsS3Key', 'NoInterruption'),
    flag('LoadBalancerIsShared', 'Unknown', 'false'),
    choice('LoadBalancerType', 'Unknown', ['classic', 'application', 'network'], 'classic'),
    text('ServiceRole', 'NoInterruption'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:environment:proxy', [
    choice('ProxyServer', 'RestartApplicationServer', ['nginx', 'none'], 'nginx'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:healthreporting:system', [
    text('ConfigDocument', 'NoInterruption'),
    flag('EnhancedHealthAuthEnabled', 'NoInterruption', 'false'),
    choice('HealthCheckSuccessThreshold', 'NoInterruption', ['Ok', 'Warning', 'Degraded', 'Severe'], 'Ok'),
    choice('SystemType', 'NoInterruption', ['basic', 'enhanced'], 'basic'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:hostmanager', [
    flag('LogPublicationControl', 'NoInterruption', 'false'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:control', [
    text('DefaultSSHPort', 'NoInterruption', '22'),
    integer('LaunchTimeout', 'NoInterruption', '0', 0, 3600),
    flag('RollbackLaunchOnFailure', 'NoInterruption', 'false'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:managedactions', [
    flag('ManagedActionsEnabled', 'NoInterruption', 'false'),
    text('PreferredStartTime', 'NoInterruption', undefined, {
      pattern: { regex: weekTime, label: 'day:hour:minute' },
    }),
    text('ServiceRoleForManagedUpdates', 'NoInterruption'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:managedactions:platformupdate', [
    flag('InstanceRefreshEnabled', 'NoInterruption', 'false'),
    choice('UpdateLevel', 'NoInterruption', ['patch', 'minor']),
  ]),
  ...inNamespace('aws:elasticbeanstalk:monitoring', [
    flag('Automatically Terminate Unhealthy Instances', 'NoInterruption', 'true'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:cloudwatch:logs', [
    flag('DeleteOnTerminate', 'NoInterruption', 'false'),
    integer('RetentionInDays', 'NoInterruption', '7', 1, 3653),
    flag('StreamLogs', 'NoInterruption', 'false'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:cloudwatch:logs:health', [
    flag('DeleteOnTerminate', 'NoInterruption', 'false'),
    flag('HealthStreamingEnabled', 'NoInterruption', 'false'),
    integer('RetentionInDays', 'NoInterruption', '7', 1, 3653),
  ]),
  ...inNamespace('aws:elasticbeanstalk:sns:topics', [
    text('Notification Endpoint', 'NoInterruption'),
    choice(
      'Notification Protocol',
      'NoInterruption',
      ['http', 'https', 'email', 'email-json', 'sqs'],
      'email',
    ),
    text('Notification Topic ARN', 'NoInterruption'),
    text('Notification Topic Name', 'NoInterruption'),
  ]),
  ...inNamespace('aws:elasticbeanstalk:xray', [flag('XRayEnabled', 'NoInterruption', 'false')]),
]
