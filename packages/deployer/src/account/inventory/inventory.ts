import { EnvironmentStatus } from '../../beanstalk/environment-status.ts'
import type { EnvironmentDescription } from '../../beanstalk/ports.ts'
import { storageBucket } from '../../beanstalk/storage.ts'
import type { Clock } from '../../clock.ts'
import { Interrupted, LucreeError } from '../../errors.ts'
import type { AccountCloud } from '../ports.ts'
import { findBucket } from './bucket.ts'
import { type Held, inOrder, itemOf, type Kind, type Staying } from './item.ts'
import { findLogGroups } from './log-groups.ts'
import { findLogs, findRecords, findUploads, findVersions } from './objects.ts'
import { findRoles } from './roles.ts'
import { findSavedConfigurations } from './saved-configurations.ts'
import { findSecurityGroups } from './security-groups.ts'

/** Terminated environments are remembered for 42 days (facts sheet §3.2, RebuildEnvironment). */
const REMEMBERED_MS = 42 * 24 * 60 * 60 * 1000

/** Everything in the account that belongs to one application. */
export interface Inventory {
  region: string
  application: string
  /** In the order in which it is removed. */
  items: Held[]
  /** What looks like the application's and is left alone. */
  kept: Staying[]
  /** What could not be looked at, with the reason. */
  unseen: Unseen[]
  /** Environments that aren't any more: what they left behind is looked for under their names and ids. */
  past: PastEnvironment[]
}

/** A kind of things, by a pattern of their names, that may be there or not. */
export interface Unseen extends Staying {
  error: LucreeError
}

/** For a result: with the reason, and without the error itself. */
export function toldOf(unseen: Unseen[]): Staying[] {
  return unseen.map(({ why, ...item }) => ({ ...itemOf(item), why }))
}

export interface PastEnvironment {
  name: string
  /** Undefined when only the name is known. */
  id: string | undefined
}

/** What an inventory is taken of. `environments` are names from the project file: they may have left something even when AWS has forgotten them. */
export interface InventoryOf {
  application: string
  region: string
  environments: string[]
}

/** What an inventory is taken with. */
export interface Looking {
  cloud: AccountCloud
  clock: Clock
  signal: AbortSignal
}

/** The account as each part of the inventory sees it. */
export interface View extends Looking {
  application: string
  exists: boolean
  bucket: string
  live: EnvironmentDescription[]
  past: PastEnvironment[]
  /** Other applications of the region. */
  others: string[]
}

export interface Found {
  items: Held[]
  kept?: Staying[]
}

/**
 * Looks everything up afresh; changes nothing. `before` is an earlier inventory, whose environments are looked after too. A kind that may not be
 * looked at ends in `unseen` and doesn't hide the others; without applications and environments nothing can be said, and that is thrown.
 */
export async function takeInventory(
  looking: Looking,
  of: InventoryOf,
  before?: Inventory,
): Promise<Inventory> {
  const view = await look(looking, of, before)
  const { application, bucket, live } = view
  const unseen: Unseen[] = []
  const seeing = async (kind: Kind, name: string, find: () => Promise<Found>): Promise<Required<Found>> => {
    try {
      return { kept: [], ...(await find()) }
    } catch (error) {
      if (!(error instanceof LucreeError) || error instanceof Interrupted) throw error
      const why = `it could not be looked at: ${error.why ?? error.message}`
      unseen.push({ kind, name, why, error })
      return { items: [], kept: [] }
    }
  }
  const found = await Promise.all([
    seeing('saved-configuration', 'lucree-*', () => findSavedConfigurations(view)),
    seeing('version', `${application}/*`, () => findVersions(view)),
    seeing('object', `s3://${bucket}/resources/environments/*`, () => findLogs(view)),
    seeing('object', `s3://${bucket}/lucree/${application}/*`, () => findRecords(view)),
    seeing('upload', `s3://${bucket}/${application}/*`, () => findUploads(view)),
    seeing('log-group', '/aws/elasticbeanstalk/*', () => findLogGroups(view)),
    seeing('security-group', 'awseb-*', () => findSecurityGroups(view)),
    seeing('role', 'aws-elasticbeanstalk-*', () => findRoles(view)),
  ])
  const items = found.flatMap((part) => part.items)
  const stored = await seeing('bucket', bucket, () => findBucket(view, items, unseen))
  return {
    ...{ region: of.region, application, unseen, past: pastOf(view, before) },
    items: [
      ...live.map((description) => ({
        ...{ kind: 'environment' as const, name: description.name },
        ...{ environment: description.name, description },
      })),
      ...items,
      ...(view.exists ? [{ kind: 'application' as const, name: application }] : []),
      ...stored.items,
    ].sort(inOrder),
    kept: [...found.flatMap((part) => part.kept), ...stored.kept].sort(inOrder),
  }
}

async function look(looking: Looking, of: InventoryOf, before: Inventory | undefined): Promise<View> {
  const { cloud, clock, signal } = looking
  const { application } = of
  const [{ accountId }, applications, region] = await Promise.all([
    cloud.identity.describeCaller(signal),
    cloud.beanstalk.listApplications(signal),
    cloud.beanstalk.describeRegion(new Date(clock.now() - REMEMBERED_MS), signal),
  ])
  const isOurs = (environment: EnvironmentDescription) => environment.application === application
  const isGone = (environment: EnvironmentDescription) => EnvironmentStatus.of(environment).isGone
  const live = region.filter((environment) => isOurs(environment) && !isGone(environment))
  // Names are unique in a region: one that another application has now is that one's, with all that is under it.
  const taken = new Set(
    region.filter((environment) => !isOurs(environment) && !isGone(environment)).map(({ name }) => name),
  )
  const past: PastEnvironment[] = [
    ...region.filter((environment) => isOurs(environment) && isGone(environment)),
    ...(before?.past ?? []),
    ...of.environments.map((name) => ({ name, id: undefined })),
  ]
  return {
    ...{ cloud, clock, signal, application, live },
    exists: applications.includes(application),
    bucket: storageBucket(of.region, accountId),
    past: unique(past.filter(({ name }) => !taken.has(name))),
    others: applications.filter((name) => name !== application),
  }
}

/** What a later look must look after: the environments of this one may be gone by then. */
function pastOf({ live, past }: View, before: Inventory | undefined): PastEnvironment[] {
  return unique([...live, ...past, ...(before?.past ?? [])])
}

function unique(environments: PastEnvironment[]): PastEnvironment[] {
  const known = new Map(environments.map(({ name, id }) => [`${name} ${id ?? ''}`, { name, id }]))
  return [...known.values()]
}
