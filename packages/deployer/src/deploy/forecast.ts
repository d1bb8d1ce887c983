import { type OptionSetting, optionId, valueOf } from '../beanstalk/option-settings.ts'
import type { DeployTarget } from '../config/target.ts'
import { type CostDifference, costDifference } from './cost.ts'
import type { Drift, DriftedOption } from './drift.ts'
import { type Effect, type Fleet, heaviest, outageOf } from './effects.ts'
import { expectedDurationMs } from './expected-duration.ts'

/** What a change will mean for those who use the environment and for those who pay for it; said before anything is changed. */
export interface Forecast {
  /** Whether requests can go unanswered, and why; null when they can't. */
  outage: string | null
  /** From recorded runs on AWS; null for the embedded Beanstalk, whose pace is its own. */
  expectedDurationMs: number | null
  /** What AWS bills for it; the embedded Beanstalk bills nothing. */
  cost: CostDifference
  /** Options that were changed outside lucree since the last release, and what becomes of them. */
  drift: { release: number; kept: boolean; options: DriftedOption[] } | null
}

export interface Forecasted {
  target: DeployTarget
  action: 'create' | 'update' | 'none'
  effects: Effect[]
  /** It brings a version, and not only options. */
  deploysVersion: boolean
  /** Settings before; undefined for an environment that isn't there. */
  before: OptionSetting[] | undefined
  /** Settings that are sent. */
  sent: OptionSetting[]
  /** Instances that run now. */
  instances: number
  drift: Drift | undefined
  revertsDrift: boolean
}

/** Foresees what a plan does. Pure. */
export function forecast(of: Forecasted): Forecast {
  const { target, action, before, sent, drift } = of
  const after = [...(before ?? []).filter(notIn(sent)), ...sent]
  const effect = heaviest(of.effects)
  const fleet = { ...fleetOf(after, of.instances), deploysVersion: of.deploysVersion }
  return {
    outage: action === 'update' ? (outageOf(effect, fleet) ?? null) : null,
    expectedDurationMs: target.local ? null : expectedDurationMs(action, effect, fleet),
    cost: costDifference(before, after),
    drift: drift ? { release: drift.release, kept: !of.revertsDrift, options: drift.options } : null,
  }
}

function notIn(settings: OptionSetting[]): (option: OptionSetting) => boolean {
  const ids = new Set(settings.map(optionId))
  return (option) => !ids.has(optionId(option))
}

/** How the environment will carry a change out; what isn't set has Beanstalk's defaults (facts sheet §5). */
function fleetOf(settings: OptionSetting[], running: number): Fleet {
  const value = (namespace: string, name: string) => valueOf(settings, { namespace, name })
  const rolling = 'aws:autoscaling:updatepolicy:rollingupdate'
  const isRolling = value(rolling, 'RollingUpdateEnabled') === 'true'
  const isImmutable = value(rolling, 'RollingUpdateType') === 'Immutable'
  const type = value('aws:elasticbeanstalk:environment', 'EnvironmentType')
  return {
    type: type === 'SingleInstance' ? 'single' : 'load-balanced',
    policy: value('aws:elasticbeanstalk:command', 'DeploymentPolicy') ?? 'AllAtOnce',
    instances: running || Number(value('aws:autoscaling:asg', 'MinSize') ?? 1),
    replacement: !isRolling ? 'at-once' : isImmutable ? 'immutable' : 'rolling',
  }
}
