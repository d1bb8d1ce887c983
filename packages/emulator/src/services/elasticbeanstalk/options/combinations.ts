import type { Setting } from '../state/model.ts'
import { hasEnhancedHealth, isSingleInstance, numberOf, valueOf } from './settings.ts'
import type { Problem } from './validate.ts'

const environment = 'aws:elasticbeanstalk:environment'
const command = 'aws:elasticbeanstalk:command'
const scaling = 'aws:autoscaling:asg'

type Rule = (
  all: readonly Setting[],
  before: readonly Setting[] | undefined,
  changes: readonly Setting[],
) => Problem | undefined

/** Settings that are right alone and wrong together, or wrong beside what the environment is. */
export function combinationProblems(
  changes: readonly Setting[],
  all: readonly Setting[],
  before: readonly Setting[] | undefined,
): Problem[] {
  return rules.map((rule) => rule(all, before, changes)).filter((problem) => problem !== undefined)
}

const rules: Rule[] = [
  function policyNeedsBalancer(all) {
    const policy = valueOf(all, command, 'DeploymentPolicy')
    if (!isSingleInstance(all) || policy === 'AllAtOnce' || policy === 'Immutable') return undefined
    return error(
      command,
      'DeploymentPolicy',
      `Deployment policy '${policy}' requires a load-balanced environment.`,
    )
  },
  function splittingNeedsApplicationBalancer(all) {
    const policy = valueOf(all, command, 'DeploymentPolicy')
    const type = valueOf(all, environment, 'LoadBalancerType')
    if (policy !== 'TrafficSplitting' || isSingleInstance(all) || type === 'application') return undefined
    return error(
      command,
      'DeploymentPolicy',
      'Traffic splitting deployments require an Application Load Balancer.',
    )
  },
  function balancerTypeStays(all, before) {
    if (before === undefined || isSingleInstance(before) || isSingleInstance(all)) return undefined
    const same =
      valueOf(all, environment, 'LoadBalancerType') === valueOf(before, environment, 'LoadBalancerType')
    return same
      ? undefined
      : error(environment, 'LoadBalancerType', 'LoadBalancer type option cannot be changed.')
  },
  function sizesAreInOrder(all) {
    if (numberOf(all, scaling, 'MinSize') <= numberOf(all, scaling, 'MaxSize')) return undefined
    return error(scaling, 'MinSize', 'Auto Scaling group MinSize cannot be greater than MaxSize.')
  },
  function batchIsAPercentage(all) {
    if (valueOf(all, command, 'BatchSizeType') !== 'Percentage' || numberOf(all, command, 'BatchSize') <= 100)
      return undefined
    return error(
      command,
      'BatchSize',
      'BatchSize must be between 1 and 100 when BatchSizeType is Percentage.',
    )
  },
  function managedUpdatesNeedEnhancedHealth(all) {
    const managed =
      valueOf(all, 'aws:elasticbeanstalk:managedactions', 'ManagedActionsEnabled').toLowerCase() === 'true'
    if (!managed || hasEnhancedHealth(all)) return undefined
    return error(
      'aws:elasticbeanstalk:managedactions',
      'ManagedActionsEnabled',
      'Managed platform updates require enhanced health reporting (option SystemType in namespace aws:elasticbeanstalk:healthreporting:system).',
    )
  },
  function httpsNeedsCertificate(all) {
    const listener = 'aws:elbv2:listener:443'
    if (valueOf(all, listener, 'Protocol') !== 'HTTPS' || valueOf(all, listener, 'SSLCertificateArns') !== '')
      return undefined
    return error(
      listener,
      'SSLCertificateArns',
      'You must specify an SSL certificate to configure a listener to use HTTPS.',
    )
  },
  function matcherNeedsApplicationBalancer(all, _before, changes) {
    const namespace = 'aws:elasticbeanstalk:environment:process:default'
    const set = changes.some(
      (setting) => setting.namespace === namespace && setting.name === 'MatcherHTTPCode',
    )
    if (!set || isSingleInstance(all) || valueOf(all, environment, 'LoadBalancerType') === 'application')
      return undefined
    return error(namespace, 'MatcherHTTPCode', 'MatcherHTTPCode requires an Application Load Balancer.')
  },
]

function error(namespace: string, name: string, message: string): Problem {
  return { severity: 'error', namespace, name, message }
}
