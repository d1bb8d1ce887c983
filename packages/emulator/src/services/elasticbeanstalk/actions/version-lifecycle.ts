import type { Context } from '../context.ts'
import type { Application, Version } from '../state/model.ts'

/** At most this many versions are deleted when one is made. */
const deletedAtOnce = 100
const dayMs = 24 * 60 * 60 * 1000

/** Versions of environments that were terminated within this time stay, as far as those are remembered. */
const terminatedMs = 70 * dayMs

/** Deletes what the application's lifecycle rules say. The new version doesn't count; one that an environment uses, or used of late, stays. */
export async function expireVersions(context: Context, name: string, newLabel: string): Promise<void> {
  const application = context.store.application(name)
  if (application?.lifecycle === undefined) return
  const since = context.clock.now().getTime() - terminatedMs
  const used = new Set(
    context.store
      .environments()
      .filter((environment) => environment.application === name)
      .filter(({ terminatedAt }) => terminatedAt === undefined || Date.parse(terminatedAt) >= since)
      .flatMap((environment) => [environment.versionLabel, environment.operation?.versionLabel]),
  )
  const expired = expiredOf(application, newLabel, context.clock.now())
    .filter((version) => !used.has(version.label))
    .slice(0, deletedAtOnce)
  if (expired.length === 0) return
  const labels = new Set(expired.map((version) => version.label))
  await context.store.changeApplications((all) => {
    const draft = all.find((one) => one.name === name)!
    draft.versions = draft.versions.filter((version) => !labels.has(version.label))
  })
  if (deletesSource(application)) {
    for (const { source } of expired) if (source) await context.objects.remove(source.bucket, source.key)
  }
}

function expiredOf({ versions, lifecycle }: Application, newLabel: string, now: Date): Version[] {
  const { MaxCountRule, MaxAgeRule } = lifecycle?.VersionLifecycleConfig ?? {}
  const older = versions.filter((version) => version.label !== newLabel)
  if (MaxCountRule?.Enabled) return older.slice(0, Math.max(0, older.length - (MaxCountRule.MaxCount ?? 200)))
  if (MaxAgeRule?.Enabled) {
    const oldest = now.getTime() - (MaxAgeRule.MaxAgeInDays ?? 180) * dayMs
    return older.filter((version) => Date.parse(version.createdAt) < oldest)
  }
  return []
}

function deletesSource({ lifecycle }: Application): boolean {
  const { MaxCountRule, MaxAgeRule } = lifecycle?.VersionLifecycleConfig ?? {}
  return [MaxCountRule, MaxAgeRule].some((rule) => rule?.Enabled && rule.DeleteSourceFromS3)
}
