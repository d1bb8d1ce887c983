import { join } from 'node:path'
import type { Pace } from '../pace.ts'
import { ec2Dialect, type Ec2Service } from '../protocol/ec2/endpoint.ts'
import { jsonDialect } from '../protocol/json/endpoint.ts'
import type { JsonService } from '../protocol/json/service.ts'
import { answerQuery, type Surroundings } from '../protocol/query/endpoint.ts'
import { answerRpc } from '../protocol/rpc.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { createAutoScaling } from './autoscaling/index.ts'
import { createEc2 } from './ec2/index.ts'
import { openNetwork } from './ec2/world/network.ts'
import type { Faults } from './elasticbeanstalk/faults.ts'
import { createElasticBeanstalk, type ElasticBeanstalk } from './elasticbeanstalk/index.ts'
import { createLoadBalancing } from './elasticloadbalancing/index.ts'
import type { HostedService } from './hosted.ts'
import type { Iam } from './iam/index.ts'
import { openLogGroups } from './logs/groups.ts'
import { createLogs } from './logs/index.ts'
import type { DiskStore } from './s3/disk/store.ts'
import { answerS3 } from './s3/endpoint.ts'
import { inventoryOf } from './s3/inventory.ts'
import type { QueryService } from './service.ts'
import { createServiceQuotas } from './servicequotas/index.ts'
import { sts } from './sts/index.ts'

export interface ServiceOptions {
  around: Surroundings
  /** The state directory; each service has a directory or a file of its own in it, by its name. */
  dir: string
  store: DiskStore
  iam: Iam
  runtime: Runtime
  pace: Pace
  /** What goes wrong with environments on purpose. */
  faults: Faults
}

/** Opens every service of the account. To add one: a line in the list. */
export async function openServices(
  options: ServiceOptions,
): Promise<{ services: HostedService[]; beanstalk: ElasticBeanstalk }> {
  const { around, dir, store, iam, runtime, pace, faults } = options
  const { region, scenario } = around
  const { accountId } = around.account
  const network = await openNetwork(join(dir, 'ec2'), region, scenario)
  const groups = await openLogGroups(join(dir, 'logs'))
  const beanstalk = await createElasticBeanstalk({
    ...around,
    dir: join(dir, 'elasticbeanstalk'),
    runtime,
    objects: store,
    ground: { scenario, network, logGroups: groups },
    pace,
    faults,
    accountId,
    identities: iam.identities,
  })
  const belongings = () => beanstalk.belongings()
  const world = { region, accountId, network, belongings }
  const ec2 = createEc2(world)
  const scaling = createAutoScaling(belongings)
  const balancing = createLoadBalancing(belongings)
  const logs = createLogs({ region, accountId, clock: around.clock, groups, belongings })
  const quotas = createServiceQuotas({ region, accountId, full: scenario.full })
  return {
    beanstalk,
    services: [
      overQuery(sts, around),
      overS3(store, around),
      { ...overQuery(iam.service, around), inventory: () => iam.inventory() },
      { ...overQuery(beanstalk.service, around), inventory: () => beanstalk.inventory() },
      { ...overEc2(ec2, around), inventory: ec2.inventory },
      { ...overQuery(scaling, around), inventory: scaling.inventory },
      { ...overQuery(balancing, around), inventory: balancing.inventory },
      { ...overJson(logs, around), inventory: logs.inventory },
      overJson(quotas, around),
    ],
  }
}

/** A service of the query protocol as the server hosts it. */
export const overQuery = (service: QueryService, around: Surroundings): HostedService => ({
  signingName: service.signingName,
  answer: (request, claim, fault) => answerQuery(service, request, claim, around, fault),
})

/** S3 as the server hosts it. */
export const overS3 = (store: DiskStore, around: Surroundings): HostedService => ({
  signingName: 's3',
  answer: (request, claim, fault) => answerS3(store, request, claim, around, fault),
  inventory: () => inventoryOf(store),
})

/** A service of EC2's dialect as the server hosts it. */
export const overEc2 = (service: Ec2Service, around: Surroundings): HostedService => ({
  signingName: service.signingName,
  answer: (request, claim, fault) => answerRpc(ec2Dialect(service), service, request, claim, around, fault),
})

/** A service of the AWS JSON protocols as the server hosts it. */
export const overJson = (service: JsonService, around: Surroundings): HostedService => ({
  signingName: service.signingName,
  answer: (request, claim, fault) => answerRpc(jsonDialect(service), service, request, claim, around, fault),
})
