import { optionId, type OptionKey, type OptionSetting, PROPERTIES } from '../beanstalk/option-settings.ts'
import { type History, listReleases } from '../beanstalk/releases/history.ts'
import { rememberedOptions, restoration } from '../beanstalk/releases/release-options.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import type { DeployTarget } from '../config/target.ts'
import { LucreeError } from '../errors.ts'
import type { ObservedEnvironment } from './observe.ts'
import type { Tools } from './tools.ts'
import { placeOf } from './with-lock.ts'

/** An option that isn't as the last release left it. Never a property's value: it may be secret. */
export interface DriftedOption {
  namespace: string
  name: string
  /** Null where it was not set, and for a property. */
  was: string | null
  /** Null where it isn't set any more, and for a property. */
  now: string | null
}

/** What was changed since the last release by somebody else than lucree: in the console, or by another tool. */
export interface Drift {
  /** Number of the release that it is compared with. */
  release: number
  options: DriftedOption[]
  /** What `--revert-drift` sends; `staying` are the names that no release brings back. */
  revert: { settings: OptionSetting[]; remove: OptionKey[]; staying: string[] }
}

/** How many of the newest releases are read: those that were rolled back stand before the one that counts. */
const NEWEST = 10

/**
 * Compares an environment with its last release. Undefined without drift, and where it can't be told: there is no release yet, or the last one
 * didn't end well, so that lucree itself may have left the difference. Records that can't be read are a warning and no obstacle.
 */
export async function findDrift(
  target: DeployTarget,
  environment: ObservedEnvironment,
  fingerprintKey: string,
  tools: Tools,
): Promise<Drift | undefined> {
  const { documents, bundles, configurations } = tools.cloud
  try {
    const history: History = { documents, bundles, place: (await placeOf(tools, target)).place }
    const last = lastStanding((await listReleases(history, NEWEST, tools.signal)).releases)
    if (!last) return undefined
    const options = driftedOptions(last, environment.settings, fingerprintKey)
    if (options.length === 0) return undefined
    const saved =
      last.savedConfiguration === null
        ? undefined
        : await configurations.read(target.application, last.savedConfiguration, tools.signal)
    const current = environment.settings
    const revert = restoration(last, { saved, current, key: fingerprintKey })
    return { release: last.number, options, revert: { ...revert, staying: stayingOf(options, revert) } }
  } catch (error) {
    if (!(error instanceof LucreeError) || tools.signal.aborted) throw error
    const message = `What was changed outside lucree is not known: ${error.why ?? error.message}`
    tools.progress.emit({ kind: 'warning', message })
    return undefined
  }
}

/** The release whose options the environment was left with: the newest, less those that were rolled back. */
function lastStanding(releases: ReleaseRecord[]): ReleaseRecord | undefined {
  const last = releases.find(({ outcome }) => outcome !== 'rolled-back')
  return last?.outcome === 'deployed' ? last : undefined
}

/** Options that differ from those of a release. Properties differ by name, and by value where the same key tells. Pure. */
export function driftedOptions(
  release: Pick<ReleaseRecord, 'settings' | 'properties' | 'fingerprintKey'>,
  current: OptionSetting[],
  fingerprintKey: string,
): DriftedOption[] {
  const now = rememberedOptions(current, fingerprintKey)
  return [
    ...drifted(release.settings, now.settings),
    ...driftedProperties(release, now, release.fingerprintKey === now.fingerprintKey),
  ]
}

function drifted(then: OptionSetting[], now: OptionSetting[]): DriftedOption[] {
  const was = new Map(then.map((option) => [optionId(option), option]))
  const is = new Map(now.map((option) => [optionId(option), option]))
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id) => {
    const { namespace = '', name = '' } = was.get(id) ?? is.get(id) ?? {}
    const change = { was: was.get(id)?.value ?? null, now: is.get(id)?.value ?? null }
    return change.was === change.now ? [] : [{ namespace, name, ...change }]
  })
}

type Remembered = Pick<ReleaseRecord, 'properties'>

function driftedProperties(then: Remembered, now: Remembered, comparable: boolean): DriftedOption[] {
  const was = new Map(then.properties.map(({ name, fingerprint }) => [name, fingerprint]))
  const is = new Map(now.properties.map(({ name, fingerprint }) => [name, fingerprint]))
  const names = [...new Set([...was.keys(), ...is.keys()])]
  const isSame = (name: string) =>
    was.has(name) && is.has(name) && (!comparable || was.get(name) === is.get(name))
  return names
    .filter((name) => !isSame(name))
    .map((name) => ({ namespace: PROPERTIES, name, was: null, now: null }))
}

/** Drifted options that neither `settings` nor `remove` brings back. */
function stayingOf(
  options: DriftedOption[],
  { settings, remove }: Omit<Drift['revert'], 'staying'>,
): string[] {
  const reverted = new Set([...settings, ...remove].map(optionId))
  return options.filter((option) => !reverted.has(optionId(option))).map(({ name }) => name)
}

/** How an option drifted, in a few words; what a property was and is isn't said. */
export function describeDrift({ namespace, name, was, now }: DriftedOption): string {
  if (namespace === PROPERTIES) return `property ${name}`
  return `${name} was ${was ?? 'not set'} and is ${now ?? 'not set'}`
}
