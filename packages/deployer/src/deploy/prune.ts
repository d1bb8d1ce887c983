import { type History, lastGoodRelease, listReleases, releaseNumbers } from '../beanstalk/releases/history.ts'
import { KEPT_RELEASES, type Prunable, prunableVersions } from '../beanstalk/releases/prune.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import { savedConfigurationName } from '../beanstalk/releases/saved-options.ts'
import { type Place, recordsPrefix } from '../beanstalk/storage.ts'
import type { Tools } from './tools.ts'

/** The most versions that go in one run: it comes after a deploy, which it must not hold up. */
const MOST_AT_ONCE = 20
/** Saved configurations that go in one run; a release makes one. */
const SAVED_AT_ONCE = 2

/**
 * Removes versions, bundles and saved configurations that no rollback needs ({@link prunableVersions}); belongs behind a successful deploy. Records of
 * releases stay. When a record that would have to be kept can't be read, nothing goes.
 */
export async function pruneReleases(place: Place, tools: Tools): Promise<Prunable[]> {
  const { cloud, signal } = tools
  const { application } = place
  const history: History = { documents: cloud.documents, bundles: cloud.bundles, place }
  await pruneSavedConfigurations(history, tools)
  const releases = await keptOf(history, tools)
  if (!releases) return []
  const [versions, serving] = await Promise.all([
    cloud.beanstalk.describeVersions(application, undefined, signal),
    servingLabels(application, tools),
  ])
  const prunable = prunableVersions({ application, versions, releases, serving }).slice(0, MOST_AT_ONCE)
  for (const { label, deleteBundle } of prunable) {
    await cloud.beanstalk.deleteVersion(application, label, deleteBundle, signal)
  }
  return prunable
}

/** Of every environment that ever had releases: the newest, and the last good one. Undefined when one of them can't be read. */
async function keptOf(history: History, { signal }: Tools): Promise<ReleaseRecord[] | undefined> {
  const all: ReleaseRecord[] = []
  for (const environment of await environmentsOf(history, signal)) {
    const its = { ...history, place: { ...history.place, environment } }
    const { releases, unreadable } = await listReleases(its, KEPT_RELEASES, signal)
    if (unreadable.length > 0) return undefined
    const hasGood = releases.some(({ outcome }) => outcome === 'deployed')
    const lastGood = hasGood ? undefined : await lastGoodRelease(its, signal)
    all.push(...releases, ...(lastGood ? [lastGood] : []))
  }
  return all
}

async function environmentsOf({ bundles, place }: History, signal: AbortSignal): Promise<string[]> {
  const prefix = recordsPrefix(place.application)
  const keys = await bundles.list(place.bucket, prefix, signal)
  return [...new Set(keys.flatMap((key) => key.slice(prefix.length).split('/')[0] ?? []))]
}

/** Labels that environments and their instances have. */
async function servingLabels(application: string, { cloud, signal }: Tools): Promise<string[]> {
  const environments = await cloud.beanstalk.describeEnvironments({ application }, signal)
  const instances = await Promise.all(
    environments.map(({ name }) => cloud.beanstalk.describeInstances(name, signal)),
  )
  return [
    ...environments.flatMap(({ versionLabel }) => versionLabel ?? []),
    ...instances.flat().flatMap(({ version }) => version ?? []),
  ]
}

async function pruneSavedConfigurations(history: History, { cloud, signal }: Tools): Promise<void> {
  const { application, environment } = history.place
  const [numbers, lastGood] = await Promise.all([
    releaseNumbers(history, signal),
    lastGoodRelease(history, signal),
  ])
  const old = numbers.slice(KEPT_RELEASES).filter((number) => number !== lastGood?.number)
  for (const number of old.slice(0, SAVED_AT_ONCE)) {
    await cloud.configurations.remove(application, savedConfigurationName(environment, number), signal)
  }
}
