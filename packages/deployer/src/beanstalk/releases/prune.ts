import { digestOf } from '../upload.ts'
import type { VersionDescription } from '../ports.ts'
import type { ReleaseRecord } from './release-record.ts'

/** So many releases of each environment can be gone back to. */
export const KEPT_RELEASES = 10

/** A version that may go, and whether its bundle may go with it: another version may be made of the same one. */
export interface Prunable {
  label: string
  deleteBundle: boolean
}

/** A version younger than this, beside the newest, may belong to a deploy that is only beginning and has no release yet. */
const SETTLED_MS = 24 * 3_600_000

/**
 * The versions that lucree may remove. Kept are those of the last ten releases of every environment, of each one's last good release however old, of
 * releases under way, and those that run anywhere (`serving`: the environments' and the instances' labels). Of the others only lucree's own go
 * (their bundle is named by its content), a day after they were made: by the service's clock, which dates the versions.
 *
 * Beanstalk's own rule (MaxCountRule, facts sheet §3.2) counts versions of the whole application and knows no releases: when one environment is deployed to
 * every hour and another one every month, it would remove what the second goes back to. Pruning after each deploy keeps an application far below the
 * rule's count, so that the rule is only a backstop; see {@link smallestMaxCount}.
 */
export function prunableVersions({
  application,
  versions,
  releases,
  serving,
  keep = KEPT_RELEASES,
}: {
  application: string
  versions: VersionDescription[]
  /** Of all environments of the application, in any order. */
  releases: ReleaseRecord[]
  serving: string[]
  keep?: number
}): Prunable[] {
  const kept = keptReleases(releases, keep)
  if (kept.length === 0) return []
  const labels = new Set([...serving, ...kept.map(({ version }) => version)])
  const newest = Math.max(...versions.map(({ createdAt }) => createdAt?.getTime() ?? 0))
  const isSettled = (createdAt: Date | undefined) =>
    createdAt !== undefined && createdAt.getTime() <= newest - SETTLED_MS
  const goes = ({ label, key, createdAt }: VersionDescription) =>
    !labels.has(label) && digestOf(application, key) !== undefined && isSettled(createdAt)
  const stayingBundles = new Set(versions.filter((version) => !goes(version)).map(({ key }) => key))
  return versions
    .filter(goes)
    .map(({ label, key }) => ({ label, deleteBundle: key !== undefined && !stayingBundles.has(key) }))
}

/** The releases that must stay possible to go back to. */
export function keptReleases(releases: ReleaseRecord[], keep = KEPT_RELEASES): ReleaseRecord[] {
  const environments = [...new Set(releases.map(({ environment }) => environment))]
  return environments.flatMap((environment) => {
    const newestFirst = releases
      .filter((release) => release.environment === environment)
      .sort((one, other) => other.number - one.number)
    const lastGood = newestFirst.findIndex(({ outcome }) => outcome === 'deployed')
    return newestFirst.filter(
      ({ outcome }, index) => index < keep || index === lastGood || outcome === 'in-progress',
    )
  })
}

/**
 * The smallest MaxCount of a lifecycle rule that never removes what a rollback needs: the kept releases of every environment, and the version that
 * is being made.
 */
export function smallestMaxCount(environments: number, keep = KEPT_RELEASES): number {
  return Math.max(1, environments) * keep + 1
}
