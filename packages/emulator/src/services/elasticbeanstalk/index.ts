import * as sdk from '@aws-sdk/client-elastic-beanstalk'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Pace } from '../../pace.ts'
import { operationSchemas } from '../../protocol/schema.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Inventoried } from '../hosted.ts'
import type { Identities } from '../iam/identities.ts'
import type { ObjectStore } from '../s3/objects.ts'
import type { QueryService } from '../service.ts'
import { createActions } from './actions/table.ts'
import type { Context } from './context.ts'
import { createEventRecorder } from './events.ts'
import { noFaults, type Faults } from './faults.ts'
import { createFronts } from './fronts.ts'
import type { Ground } from './ground.ts'
import { createMetrics } from './health/metrics.ts'
import { createMonitor } from './health/monitor.ts'
import { inventoryOf, usersOf } from './holdings.ts'
import { createOperations } from './lifecycle/operations.ts'
import { resumeAll } from './lifecycle/resume.ts'
import { leaveEngine, stopAll } from './lifecycle/stop.ts'
import { createAccessLogger } from './logs/access.ts'
import { createLogRequests } from './logs/requests.ts'
import { needsOf } from './rights.ts'
import { belongingsOf } from './resources/belongings.ts'
import { openEventLog } from './state/event-log.ts'
import { isSingleInstance } from './options/settings.ts'
import { fillAccount } from './state/full-account.ts'
import { openStore } from './state/store.ts'
import type { Belongings } from '../belongings.ts'
import { createTempo } from './tempo.ts'

export interface ElasticBeanstalkOptions {
  /** A directory of its own, made when it isn't there. */
  dir: string
  runtime: Runtime
  objects: ObjectStore
  ground: Ground
  clock: Clock
  pace: Pace
  region: string
  accountId: string
  log: Log
  /** The account's roles and profiles; without it nobody looks at them. */
  identities?: Identities
  /** What goes wrong on purpose. Default: nothing. */
  faults?: Faults
}

export interface ElasticBeanstalk extends Inventoried {
  service: QueryService
  /** What the environments have in the account, as other services show it. */
  belongings(): Belongings[]
  /** The name of an environment by its id. */
  nameOf(environmentId: string): string | undefined
  /** What lives on the service-linked roles, in words. */
  usersOf(): string[]
  /** Takes up environments and operations of an earlier server on this directory. Call it once, before the first request. */
  resume(): Promise<void>
  /** Stops operations where they are and the applications too; {@link ElasticBeanstalk.resume} of the next server starts both again. */
  close(): Promise<void>
}

/** An Elastic Beanstalk; BEHAVIOR.md says what it does. */
export async function createElasticBeanstalk(options: ElasticBeanstalkOptions): Promise<ElasticBeanstalk> {
  const context = await createContext(options)
  const operations = createOperations(context)
  const logs = createLogRequests(context)
  const over = new AbortController()
  return {
    service: {
      signingName: 'elasticbeanstalk',
      apiVersion: '2010-12-01',
      xmlNamespace: 'http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/',
      schemas: operationSchemas(sdk),
      actions: createActions({ context, operations, health: context.monitor, logs }),
      needs: needsOf(context),
    },
    inventory: () => inventoryOf(context),
    belongings: () => belongingsOf(context),
    nameOf: (id) => context.store.environment(id)?.name,
    usersOf: () => usersOf(context),
    resume: () => resumeAll(context, operations, over.signal),
    async close() {
      over.abort(new Error('The server is closing'))
      await operations.close()
      await context.monitor.close()
      await logs.close()
      await context.events.close()
      await context.fronts.closeAll()
      await stopAll(context)
      await leaveEngine(context)
    },
  }
}

async function createContext(options: ElasticBeanstalkOptions): Promise<Context> {
  const {
    dir,
    clock,
    pace,
    region,
    accountId,
    log,
    objects,
    ground,
    runtime,
    identities,
    faults = noFaults,
  } = options
  const instancesDir = join(dir, 'instances')
  await mkdir(instancesDir, { recursive: true, mode: 0o700 })
  const eventLog = await openEventLog(join(dir, 'events'), clock.now())
  const store = await openStore(dir)
  if (ground.scenario.full && eventLog.all().length === 0) await fillAccount(store, clock.now())
  // The monitor, the fronts and the logs see each other through the context that they are part of.
  const context = (): Context => built
  const monitor = createMonitor(context)
  const built: Context = {
    region,
    accountId,
    instancesDir,
    clock,
    tempo: createTempo(pace, clock),
    log,
    store,
    eventLog,
    events: createEventRecorder(eventLog, clock, faults),
    objects,
    ground,
    identities,
    runtime,
    faults,
    fronts: createFronts({
      clock,
      balanced: (id) => !isSingleInstance(store.environment(id)?.settings ?? []),
      passes: (environmentId, instance) => monitor.passes(environmentId, instance),
      onRequest: createAccessLogger(context),
    }),
    monitor,
    metrics: createMetrics(),
  }
  return built
}
