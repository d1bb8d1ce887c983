import { choice, flag, inNamespace, integer, list, text } from './option.ts'

/** A process is a target group: where the load balancer sends requests, and how it checks health. */
const processRows = [
  integer('DeregistrationDelay', 'NoInterruption', '20', 0, 3600),
  integer('HealthCheckInterval', 'NoInterruption', '15', 5, 300),
  text('HealthCheckPath', 'NoInterruption', '/'),
  integer('HealthCheckTimeout', 'NoInterruption', '5', 2, 60),
  integer('HealthyThresholdCount', 'NoInterruption', '3', 2, 10),
  text('MatcherHTTPCode', 'NoInterruption', '200', {
    pattern: { regex: /^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/, label: 'a list of HTTP codes' },
  }),
  integer('Port', 'NoInterruption', '80', 1, 65_535),
  choice('Protocol', 'NoInterruption', ['HTTP', 'HTTPS', 'TCP'], 'HTTP'),
  flag('StickinessEnabled', 'NoInterruption', 'false'),
  integer('StickinessLBCookieDuration', 'NoInterruption', '86400', 1, 604_800),
  choice('StickinessType', 'NoInterruption', ['lb_cookie'], 'lb_cookie'),
  integer('UnhealthyThresholdCount', 'NoInterruption', '5', 2, 10),
]

const listenerRows = [
  text('DefaultProcess', 'NoInterruption', 'default'),
  flag('ListenerEnabled', 'NoInterruption', 'true'),
  choice('Protocol', 'NoInterruption', ['HTTP', 'HTTPS', 'TCP'], 'HTTP'),
  list('Rules', 'NoInterruption'),
  list('SSLCertificateArns', 'NoInterruption'),
  text('SSLPolicy', 'NoInterruption'),
]

/** Options of the load balancer. */
export const balancingOptions = [
  ...inNamespace('aws:elasticbeanstalk:environment:process:default', processRows),
  ...inNamespace('aws:elbv2:listener:default', listenerRows),
  ...inNamespace('aws:elbv2:listener:443', listenerRows),
  ...inNamespace('aws:elbv2:loadbalancer', [
    text('AccessLogsS3Bucket', 'NoInterruption'),
    flag('AccessLogsS3Enabled', 'NoInterruption', 'false'),
    text('AccessLogsS3Prefix', 'NoInterruption'),
    integer('IdleTimeout', 'NoInterruption', undefined, 1, 3600),
    choice('IpAddressType', 'NoInterruption', ['ipv4', 'dualstack'], 'ipv4'),
    text('ManagedSecurityGroup', 'NoInterruption'),
    list('SecurityGroups', 'NoInterruption'),
    text('SharedLoadBalancer', 'RestartEnvironment'),
  ]),
  ...inNamespace('aws:elb:loadbalancer', [
    flag('CrossZone', 'NoInterruption', 'false'),
    text('ManagedSecurityGroup', 'NoInterruption'),
    list('SecurityGroups', 'NoInterruption'),
  ]),
  ...inNamespace('aws:elb:policies', [
    flag('ConnectionDrainingEnabled', 'NoInterruption', 'false'),
    integer('ConnectionDrainingTimeout', 'NoInterruption', '20', 1, 3600),
    integer('ConnectionSettingIdleTimeout', 'NoInterruption', '60', 1, 3600),
  ]),
]
