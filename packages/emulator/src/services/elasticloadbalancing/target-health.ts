import type { TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { OwnedInstance } from '../belongings.ts'

/** What the load balancer says of a target, in its words. */
export function describeHealth({ inService, healthy }: OwnedInstance): TargetHealth {
  if (!inService) {
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    }
  }
  if (healthy === undefined) {
    return {
      State: 'initial',
      Reason: 'Elb.InitialHealthChecking',
      Description: 'Initial health checks in progress',
    }
  }
  if (healthy) return { State: 'healthy' }
  return { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' }
}
