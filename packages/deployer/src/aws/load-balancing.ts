import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { LoadBalancing, TargetHealth } from '../account/ports.ts'
import { caller, collected, unless } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'

/** Elastic Load Balancing behind the {@link LoadBalancing} port. A balancer that is gone has no targets. */
export function openLoadBalancing(connection: Connection): LoadBalancing {
  const client = new ElasticLoadBalancingV2Client(clientOptions(connection))
  const run = caller(connection)
  const healthOf = async (group: string, signal?: AbortSignal): Promise<TargetHealth[]> => {
    const { TargetHealthDescriptions } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: group }),
      callOptions(signal),
    )
    return (TargetHealthDescriptions ?? []).map(({ Target, TargetHealth: health }) => ({
      target: Target?.Id ?? '',
      state: health?.State ?? '',
      reason: health?.Reason,
      description: health?.Description,
    }))
  }
  return {
    describeTargetHealth: (loadBalancer, signal) =>
      run('DescribeTargetHealth', signal, () =>
        unless(['LoadBalancerNotFound', 'TargetGroupNotFound'], [], async () => {
          const groups = await collected(
            paginateDescribeTargetGroups({ client }, { LoadBalancerArn: loadBalancer }),
            (page) => page.TargetGroups?.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []),
            signal,
          )
          return (await Promise.all(groups.map((group) => healthOf(group, signal)))).flat()
        }),
      ),
  }
}
