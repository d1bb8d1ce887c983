import { isGood, urlOf } from '../beanstalk/health.ts'
import type { EnvironmentChange } from '../beanstalk/events.ts'
import type { OptionKey, OptionSetting } from '../beanstalk/option-settings.ts'
import { optionId } from '../beanstalk/option-settings.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import { Interrupted } from '../errors.ts'
import { lookingOn } from './abandon.ts'
import { type Concluding, conclude } from './conclude.ts'
import type { ObservedEnvironment } from './observe.ts'
import { type Probed, whileProbing } from './probe.ts'
import { removeFailed } from './remove-failed.ts'
import type { DeployOutcome } from './result.ts'
import { rollBack } from './roll-back.ts'
import type { Tools } from './tools.ts'

/** What is done about a change that failed. */
export interface Remedies {
  /** False with `--no-rollback`: what failed is left as it is. */
  rollsBack: boolean
  /** True with `--keep-failed`: a first deploy that failed keeps its environment, and its costs. */
  keepsFailed: boolean
}

/** A change of an environment from its request to its end, with what is done when it fails. */
export interface Making extends Omit<Concluding, 'change' | 'recovery' | 'wayOut'> {
  /** The environment as it was; undefined when it is being made. */
  before: ObservedEnvironment | undefined
  /** Asks Beanstalk for the change. */
  request(): Promise<EnvironmentChange>
  /** Follows the change to its end and proves it. */
  wait: boolean
  remedies: Remedies
}

/** Makes the change and asks the application all the while, if it answered before; one that failed is taken back, after its evidence was gathered. */
export function makeChange(
  making: Making,
  previous: ReleaseRecord | undefined,
  tools: Tools,
): Promise<DeployOutcome> {
  return whileProbing(probedOf(making, tools), tools, async (soFar) => {
    const change = await asked(making)
    if (!making.wait) return { ...making.told, outcome: 'started' }
    const ways = { recovery: recoveryOf(making, previous), wayOut: wayOut(making) }
    const outcome = await remedied(
      await conclude({ ...making, ...ways, change }, tools),
      { making, previous },
      tools,
    )
    const probe = soFar()
    return probe ? { ...outcome, probe } : outcome
  })
}

/** Ctrl-C in the middle of the request leaves open whether it was heard. */
async function asked(making: Making): Promise<EnvironmentChange> {
  const { told, before } = making
  try {
    return await making.request()
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    throw new Interrupted(`${error.message} while Beanstalk was being asked to change ${told.environment}`, {
      why: `it may have heard that, and then goes on${before ? '' : ' making it'}`,
      hints: lookingOn(making),
      document: { ...told },
      cause: error,
    })
  }
}

function probedOf({ before, target }: Making, { probeMs }: Tools): Probed | undefined {
  const { healthCheck } = target
  const cname = before?.description.cname
  if (cname === undefined || !isGood(before?.proof.answer, healthCheck)) return undefined
  return { url: urlOf(cname), healthCheck, everyMs: probeMs }
}

async function remedied(
  outcome: DeployOutcome,
  { making, previous }: { making: Making; previous: ReleaseRecord | undefined },
  tools: Tools,
): Promise<DeployOutcome> {
  if (outcome.outcome !== 'failed') return outcome
  const { before, remedies, target } = making
  if (!before) return remedies.keepsFailed ? outcome : removeFailed(outcome, target, tools)
  const version = before.description.versionLabel
  if (!remedies.rollsBack) return outcome
  if (!before.proof.proven || version === undefined) {
    return { ...outcome, aftermath: { removed: false, tried: false, why: whyNothing(before, previous) } }
  }
  const restored = { version, release: previous?.version === version ? previous.number : null }
  return rollBack(outcome, { ...making, before, restored }, tools)
}

/** Why a change that failed isn't taken back. */
function whyNothing({ proof }: ObservedEnvironment, previous: ReleaseRecord | undefined): string {
  return previous
    ? `what was there before it did not work either: ${proof.missing}`
    : 'there is no release before it that worked'
}

/** What leads back when nothing does so by itself. */
function recoveryOf({ before, told }: Making, previous: ReleaseRecord | undefined): string[] {
  if (!before) return ['lucree destroy   # what runs without working is billed all the same']
  if (previous) return [`lucree rollback ${previous.number}   # back to the last release that worked`]
  const { versionLabel } = before.description
  if (versionLabel === undefined || versionLabel === told.version) return []
  return [`lucree deploy --version ${versionLabel}   # back to what was deployed before`]
}

function wayOut({ before }: Making): string[] {
  if (!before) return ['lucree destroy   # gives it up']
  return ['lucree abort   # stops it; afterwards lucree rollback leads back']
}

/** All settings that an environment will have after a change. */
export function settingsAfter(
  now: OptionSetting[],
  sent: OptionSetting[],
  removed: OptionKey[],
): OptionSetting[] {
  const replaced = new Set([...sent, ...removed].map(optionId))
  return [...now.filter((option) => !replaced.has(optionId(option))), ...sent]
}
