import * as sdk from '@aws-sdk/client-elastic-load-balancing-v2'
import { operationSchemas } from '../../protocol/schema.ts'
import type { Belongings } from '../belongings.ts'
import type { HostedService } from '../hosted.ts'
import { ServiceError, type Action, type QueryService } from '../service.ts'
import { describeHealth } from './target-health.ts'

/** Elastic Load Balancing (version 2), to look at: the load balancers are the environments' and change with them. */
export function createLoadBalancing(
  belongings: () => Belongings[],
): QueryService & Pick<HostedService, 'inventory'> {
  return {
    signingName: 'elasticloadbalancing',
    apiVersion: '2015-12-01',
    xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    schemas: operationSchemas(sdk),
    actions: {
      DescribeLoadBalancers: describeLoadBalancers(belongings),
      DescribeTargetGroups: describeTargetGroups(belongings),
      DescribeTargetHealth: describeTargetHealth(belongings),
      DescribeListeners: describeListeners(belongings),
      DescribeTags: describeTags(belongings),
    },
    inventory: () => belongings().flatMap(arnsOf),
  }
}

const arnsOf = ({ balancer, targetGroup, listener }: Belongings): string[] =>
  [balancer, targetGroup, listener].flatMap((one) => one?.arn ?? [])

const notFound = (code: string, noun: string) => new ServiceError(code, `One or more ${noun} not found`)
const noBalancer = () => notFound('LoadBalancerNotFound', 'load balancers')
const noTargetGroup = () => notFound('TargetGroupNotFound', 'target groups')

/** Those that were asked for; what isn't there is an error. */
function asked<T>(
  all: readonly T[],
  wanted: string[] | undefined,
  key: (one: T) => string,
  missing: () => Error,
): T[] {
  if (!wanted?.length) return [...all]
  const found = all.filter((one) => wanted.includes(key(one)))
  if (found.length < new Set(wanted).size) throw missing()
  return found
}

function describeLoadBalancers(
  belongings: () => Belongings[],
): Action<sdk.DescribeLoadBalancersInput, sdk.DescribeLoadBalancersOutput> {
  return async ({ LoadBalancerArns, Names }) => {
    const all = belongings().flatMap((owner) => (owner.balancer ? [{ owner, balancer: owner.balancer }] : []))
    const named = asked(all, Names, ({ balancer }) => balancer.name, noBalancer)
    const found = asked(named, LoadBalancerArns, ({ balancer }) => balancer.arn, noBalancer)
    return {
      LoadBalancers: found.map(({ owner, balancer }) => ({
        LoadBalancerArn: balancer.arn,
        LoadBalancerName: balancer.name,
        DNSName: balancer.dnsName,
        CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
        CreatedTime: new Date(balancer.createdAt),
        Scheme: balancer.scheme,
        VpcId: owner.vpc,
        State: { Code: 'active' },
        Type: 'application',
        IpAddressType: 'ipv4',
        AvailabilityZones: balancer.zones.map(({ zone, subnet }) => ({ ZoneName: zone, SubnetId: subnet })),
        SecurityGroups: owner.groups.slice(1).map(({ id }) => id),
      })),
    }
  }
}

function describeTargetGroups(
  belongings: () => Belongings[],
): Action<sdk.DescribeTargetGroupsInput, sdk.DescribeTargetGroupsOutput> {
  return async ({ LoadBalancerArn, TargetGroupArns, Names }) => {
    if (
      LoadBalancerArn !== undefined &&
      !belongings().some(({ balancer }) => balancer?.arn === LoadBalancerArn)
    )
      throw noBalancer()
    const all = belongings().flatMap((owner) =>
      owner.targetGroup ? [{ owner, group: owner.targetGroup }] : [],
    )
    const named = asked(all, Names, ({ group }) => group.name, noTargetGroup)
    const found = asked(named, TargetGroupArns, ({ group }) => group.arn, noTargetGroup).filter(
      ({ owner }) => LoadBalancerArn === undefined || owner.balancer?.arn === LoadBalancerArn,
    )
    return {
      TargetGroups: found.map(({ owner, group: { name, arn, port, check } }) => ({
        TargetGroupArn: arn,
        TargetGroupName: name,
        Protocol: 'HTTP',
        ProtocolVersion: 'HTTP1',
        Port: port,
        VpcId: owner.vpc,
        TargetType: 'instance',
        HealthCheckEnabled: true,
        HealthCheckProtocol: 'HTTP',
        HealthCheckPort: 'traffic-port',
        HealthCheckPath: check.path,
        HealthCheckIntervalSeconds: check.intervalSeconds,
        HealthCheckTimeoutSeconds: check.timeoutSeconds,
        HealthyThresholdCount: check.healthyCount,
        UnhealthyThresholdCount: check.unhealthyCount,
        Matcher: { HttpCode: check.matcher },
        LoadBalancerArns: owner.balancer ? [owner.balancer.arn] : [],
      })),
    }
  }
}

function describeTargetHealth(
  belongings: () => Belongings[],
): Action<sdk.DescribeTargetHealthInput, sdk.DescribeTargetHealthOutput> {
  return async ({ TargetGroupArn, Targets }) => {
    const owner = belongings().find(({ targetGroup }) => targetGroup?.arn === TargetGroupArn)
    if (owner?.targetGroup === undefined) throw noTargetGroup()
    const { port } = owner.targetGroup
    const wanted = Targets?.map(({ Id }) => Id)
    return {
      TargetHealthDescriptions: owner.instances
        .filter(({ id }) => wanted === undefined || wanted.includes(id))
        .map((instance) => ({
          Target: { Id: instance.id, Port: port },
          HealthCheckPort: String(port),
          TargetHealth: describeHealth(instance),
        })),
    }
  }
}

function describeListeners(
  belongings: () => Belongings[],
): Action<sdk.DescribeListenersInput, sdk.DescribeListenersOutput> {
  return async ({ LoadBalancerArn, ListenerArns }) => {
    const all = belongings().flatMap((owner) => (owner.listener ? [{ owner, listener: owner.listener }] : []))
    if (
      LoadBalancerArn !== undefined &&
      !belongings().some(({ balancer }) => balancer?.arn === LoadBalancerArn)
    )
      throw noBalancer()
    const found = asked(
      all,
      ListenerArns,
      ({ listener }) => listener.arn,
      () => notFound('ListenerNotFound', 'listeners'),
    ).filter(({ owner }) => LoadBalancerArn === undefined || owner.balancer?.arn === LoadBalancerArn)
    return {
      Listeners: found.map(({ owner, listener }) => ({
        ListenerArn: listener.arn,
        LoadBalancerArn: owner.balancer?.arn,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: owner.targetGroup ? [{ Type: 'forward', TargetGroupArn: owner.targetGroup.arn }] : [],
      })),
    }
  }
}

function describeTags(belongings: () => Belongings[]): Action<sdk.DescribeTagsInput, sdk.DescribeTagsOutput> {
  return async ({ ResourceArns }) => ({
    TagDescriptions: (ResourceArns ?? []).map((arn) => {
      const owner = belongings().find((one) => arnsOf(one).includes(arn))
      if (owner === undefined) throw noBalancer()
      return { ResourceArn: arn, Tags: owner.tags.map(({ key, value }) => ({ Key: key, Value: value })) }
    }),
  })
}
