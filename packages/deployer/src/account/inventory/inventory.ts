import { bundleKey } from '../beanstalk/upload.ts'
import type { Cloud, EnvironmentDescription, VersionDescription } from '../beanstalk/ports.ts'

/** Everything in the account that belongs to one application. */
export interface Inventory {
  region: string
  application: { name: string; exists: boolean }
  environments: EnvironmentDescription[]
  versions: VersionDescription[]
  /** Objects that the application left in Beanstalk's bucket: bundles, and logs of its environments. */
  objects: { bucket: string; key: string }[]
}

/** One thing of an inventory, in words and with a name that a script can use. */
export interface Item {
  kind: 'environment' | 'version' | 'object' | 'application'
  name: string
}

/**
 * Looks everything up afresh; changes nothing. `before` is an earlier inventory, whose bucket and environments are looked after too.
 */
export async function takeInventory(
  cloud: Cloud,
  of: { application: string | { name: string }; region: string },
  signal: AbortSignal,
  before?: Inventory,
): Promise<Inventory> {
  const application = typeof of.application === 'string' ? of.application : of.application.name
  const found = await cloud.beanstalk.describeApplication(application, signal)
  const [environments, versions] = found
    ? await Promise.all([
        cloud.beanstalk.describeEnvironments({ application }, signal),
        cloud.beanstalk.describeVersions(application, undefined, signal),
      ])
    : [[], []]
  return {
    region: of.region,
    application: { name: application, exists: found !== undefined },
    environments,
    versions,
    objects: await objectsOf(
      cloud,
      { application, region: of.region },
      {
        environments: [...environments, ...(before?.environments ?? [])],
      },
      signal,
    ),
  }
}

async function objectsOf(
  cloud: Cloud,
  { application, region }: { application: string; region: string },
  { environments }: Pick<Inventory, 'environments'>,
  signal: AbortSignal,
) {
  // The bucket's name is Beanstalk's rule (facts sheet §2.6); asking for the bucket would make it in an account that has none.
  const { accountId } = await cloud.identity.describeCaller(signal)
  const bucket = `elasticbeanstalk-${region}-${accountId}`
  const prefixes = [
    bundleKey(application, '').replace(/\.zip$/, ''),
    ...environments.flatMap(({ id }) =>
      ['tail', 'bundle', 'publish'].map((kind) => `resources/environments/logs/${kind}/${id}/`),
    ),
  ]
  const keys = await Promise.all(prefixes.map((prefix) => cloud.bundles.list(bucket, prefix, signal)))
  return [...new Set(keys.flat())].map((key) => ({ bucket, key }))
}

/** What of an inventory belongs to one of its environments alone: versions and the application stay. */
export function narrowTo(inventory: Inventory, environment: string): Inventory {
  const environments = inventory.environments.filter(({ name }) => name === environment)
  return {
    ...inventory,
    application: { ...inventory.application, exists: false },
    environments,
    versions: [],
    objects: inventory.objects.filter(({ key }) => environments.some(({ id }) => key.includes(`/${id}/`))),
  }
}

/** The inventory as a flat list, in the order in which it is removed. */
export function itemsOf(inventory: Inventory): Item[] {
  return [
    ...inventory.environments.map(({ name }) => ({ kind: 'environment' as const, name })),
    ...inventory.versions.map(({ label }) => ({ kind: 'version' as const, name: label })),
    ...inventory.objects.map(({ bucket, key }) => ({
      kind: 'object' as const,
      name: `s3://${bucket}/${key}`,
    })),
    ...(inventory.application.exists
      ? [{ kind: 'application' as const, name: inventory.application.name }]
      : []),
  ]
}
