import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Identities } from '../iam/identities.ts'
import type { ObjectStore } from '../s3/objects.ts'
import type { EventRecorder } from './events.ts'
import type { Faults } from './faults.ts'
import type { Fronts } from './fronts.ts'
import type { Ground } from './ground.ts'
import type { Metrics } from './health/metrics.ts'
import type { Monitor } from './health/monitor.ts'
import type { EventLog } from './state/event-log.ts'
import type { Store } from './state/store.ts'
import type { Tempo } from './tempo.ts'

/** What actions and the life of environments are made of. */
export interface Context {
  region: string
  accountId: string
  /** Where instances have their files. */
  instancesDir: string
  clock: Clock
  tempo: Tempo
  log: Log
  store: Store
  eventLog: EventLog
  events: EventRecorder
  objects: ObjectStore
  ground: Ground
  /** The account's roles and profiles as Beanstalk sees them; undefined where nobody looks at them. */
  identities: Identities | undefined
  runtime: Runtime
  faults: Faults
  fronts: Fronts
  monitor: Monitor
  metrics: Metrics
}

/** The account's bucket of this region, where bundles and logs go. */
export function storageBucket({ region, accountId }: Pick<Context, 'region' | 'accountId'>): string {
  return `elasticbeanstalk-${region}-${accountId}`
}
