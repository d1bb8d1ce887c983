import { lastGoodRelease } from '../../beanstalk/releases/history.ts'
import { type Restoration, restoration } from '../../beanstalk/releases/release-options.ts'
import type { OptionSetting } from '../../beanstalk/option-settings.ts'
import type { DeployTarget } from '../../config/target.ts'
import { LucreeError } from '../../errors.ts'
import type { Tools } from '../tools.ts'
import { placeOf } from '../with-lock.ts'

/** The newest release that was proven. */
export interface LastGood {
  number: number
  version: string
  /** What has to be sent so that the options are again as they were then; secrets stay at their newest. */
  wayBack(current: OptionSetting[], key: string, signal: AbortSignal): Promise<Restoration>
  /** Names of what that is. */
  differing(current: OptionSetting[], key: string, signal: AbortSignal): Promise<string[]>
}

/** Undefined where lucree has never released anything that worked, or its records can't be read, which is said. */
export async function findLastGood(target: DeployTarget, tools: Tools): Promise<LastGood | undefined> {
  const { documents, bundles, configurations } = tools.cloud
  const { application } = target
  try {
    const { place } = await placeOf(tools, target)
    const release = await lastGoodRelease({ documents, bundles, place }, tools.signal)
    if (!release || release.version === null) return undefined
    const { savedConfiguration: name, number, version } = release
    const wayBack: LastGood['wayBack'] = async (current, key, signal) => {
      const saved = name === null ? undefined : await configurations.read(application, name, signal)
      return restoration(release, { saved, current, key })
    }
    return {
      ...{ number, version, wayBack },
      differing: async (current, key, signal) => {
        const { settings, remove } = await wayBack(current, key, signal)
        return [...new Set([...settings, ...remove].map((option) => option.name))].sort()
      },
    }
  } catch (error) {
    if (!(error instanceof LucreeError) || tools.signal.aborted) throw error
    const message = `lucree's releases could not be read (${error.message}): no earlier one is restored`
    tools.progress.emit({ kind: 'warning', message })
    return undefined
  }
}
