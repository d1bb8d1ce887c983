import { join } from 'node:path'
import type { Pace } from '../pace.ts'
import { answerQuery, type Surroundings } from '../protocol/query/endpoint.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { createElasticBeanstalk, type ElasticBeanstalk } from './elasticbeanstalk/index.ts'
import type { HostedService } from './hosted.ts'
import type { Iam } from './iam/index.ts'
import type { DiskStore } from './s3/disk/store.ts'
import { answerS3 } from './s3/endpoint.ts'
import { inventoryOf } from './s3/inventory.ts'
import type { QueryService } from './service.ts'
import { sts } from './sts/index.ts'

export interface ServiceOptions {
  around: Surroundings
  /** The state directory; each service has a directory or a file of its own in it, by its name. */
  dir: string
  store: DiskStore
  iam: Iam
  runtime: Runtime
  pace: Pace
}

/** Opens every service of the account. To add one: a line in the list. */
export async function openServices(
  options: ServiceOptions,
): Promise<{ services: HostedService[]; beanstalk: ElasticBeanstalk }> {
  const { around, dir, store, iam, runtime, pace } = options
  const beanstalk = await createElasticBeanstalk({
    ...around,
    dir: join(dir, 'elasticbeanstalk'),
    runtime,
    objects: store,
    pace,
    accountId: around.account.accountId,
    identities: iam.identities,
  })
  return {
    beanstalk,
    services: [
      overQuery(sts, around),
      overS3(store, around),
      { ...overQuery(iam.service, around), inventory: () => iam.inventory() },
      { ...overQuery(beanstalk.service, around), inventory: () => beanstalk.inventory() },
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
