import type { AccountCloud } from '../account/ports.ts'
import type { Connection } from './connection.ts'

/**
 * Opens the calls that lucree uses. Clients are loaded on their first call: the S3 client alone costs 62 ms at start-up, and most commands
 * never need it (measured: facts/toolchain.md).
 */
export function connect(connection: Connection): AccountCloud {
  return {
    beanstalk: lazily(async () => (await import('./beanstalk.ts')).openBeanstalk(connection)),
    bundles: lazily(async () => (await import('./bundle-store.ts')).openBundleStore(connection)),
    documents: lazily(async () => (await import('./documents.ts')).openDocuments(connection)),
    configurations: lazily(async () =>
      (await import('./saved-configurations.ts')).openSavedConfigurations(connection),
    ),
    identity: lazily(async () => (await import('./identity.ts')).openIdentity(connection)),
    roles: lazily(async () => (await import('./roles.ts')).openRoles(connection)),
    network: lazily(async () => (await import('./network.ts')).openNetwork(connection)),
    scaling: lazily(async () => (await import('./scaling.ts')).openScaling(connection)),
    loadBalancing: lazily(async () => (await import('./load-balancing.ts')).openLoadBalancing(connection)),
    logGroups: lazily(async () => (await import('./log-groups.ts')).openLogGroups(connection)),
    buckets: lazily(async () => (await import('./buckets.ts')).openBuckets(connection)),
    regions: lazily(async () => (await import('./other-regions.ts')).openOtherRegions(connection)),
    quotas: lazily(async () => (await import('./quotas.ts')).openQuotas(connection)),
    usage: lazily(async () => (await import('./usage.ts')).openUsage(connection)),
  }
}

type Port = Record<string, (...given: never[]) => Promise<unknown>>

/** A port whose implementation is loaded by the first call of any method. */
function lazily<P extends object>(load: () => Promise<P>): P {
  let loaded: Promise<P> | undefined
  return new Proxy({} as P, {
    get:
      (_, method: string) =>
      async (...given: never[]) => {
        loaded ??= load()
        const port = (await loaded) as unknown as Port
        return port[method]?.(...given)
      },
  })
}
