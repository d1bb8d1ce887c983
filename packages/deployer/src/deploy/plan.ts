import { environmentSettings, followedSettings, type Ground, type Policy } from '../beanstalk/options.ts'
import {
  changedSettings,
  optionId,
  type OptionKey,
  type OptionSetting,
  PROPERTIES,
  valueOf,
} from '../beanstalk/option-settings.ts'
import type { DeployTarget } from '../config/target.ts'
import { UsageError } from '../errors.ts'
import type { Drift } from './drift.ts'
import { type Effect, effectOf } from './effects.ts'
import { type Forecast, forecast } from './forecast.ts'
import type { Observed, ObservedEnvironment } from './observe.ts'

export interface PlanStep {
  name: string
  effect: Effect
  reason: string
}

/** The difference between what was asked and what is. Plain data: `--dry-run` prints it as it is. */
export interface DeployPlan extends Forecast {
  application: string
  environment: string
  steps: PlanStep[]
  /** How the environment comes to its state: made, changed, or left alone. */
  action: 'create' | 'update' | 'none'
  applicationExists: boolean
  /** Label of the version that already has this content. */
  existingVersion: string | undefined
  /** The update points the environment at a version, rather than changing settings only. */
  deploysVersion: boolean
  /** Settings to send to an environment that is there, without environment properties; a new one gets them all. */
  settings: OptionSetting[]
  /** Options to remove in the same update. */
  remove: OptionKey[]
}

export interface PlanInput {
  target: DeployTarget
  observed: Observed
  /** Label of the version that already has the content that was asked for. */
  existingVersion: string | undefined
  /** Names of the properties that will be set along with it. */
  properties: string[]
  policy: Policy | undefined
  /** What else the account lacks for a new environment, and will be given. */
  lacks?: readonly { name: string; reason: string }[] | undefined
  /** What the account gives a new environment. */
  ground?: Ground | undefined
  /** What was changed outside lucree since the last release. */
  drift?: Drift | undefined
  /** Brings what drifted back to the last release; otherwise it is kept. */
  revertsDrift?: boolean
}

/** One instance can't be updated in batches (facts sheet §5). */
function refuseUnsuited(policy: Policy | undefined, { type }: DeployTarget): void {
  if (type === 'load-balanced' || policy === undefined || policy === 'all-at-once' || policy === 'immutable')
    return
  throw new UsageError(`--policy ${policy} needs a load balancer`, {
    code: 'LUC-USAGE-POLICY',
    why: 'the environment has one instance, which is updated in place or replaced',
    hints: ['--policy all-at-once', '--policy immutable', '"type": "load-balanced" in lucree.json'],
  })
}

/** Finds the steps that lead from what is to what was asked. Pure. */
export function planDeploy(input: PlanInput): DeployPlan {
  const { target, observed } = input
  const environment = observed.environment
  refuseUnsuited(input.policy, target)
  const settings = environment ? changeOfSettings(environment, input) : []
  const remove = revertOf(input)?.remove ?? []
  const change = environment
    ? [...updateSteps(input, environment, settings, remove), ...propertySteps(input, 'restart')]
    : [creation(input), ...propertySteps(input, 'none')]
  const deploysVersion = !environment || versionChange(input, environment).length > 0
  const action = change.length === 0 ? 'none' : environment ? 'update' : 'create'
  return {
    application: target.application,
    environment: target.environment,
    steps: change.length > 0 ? [...accountSteps(input), ...versionSteps(input), ...change] : [],
    action,
    applicationExists: observed.applicationExists,
    existingVersion: input.existingVersion,
    ...{ deploysVersion, settings, remove },
    ...forecast({
      ...{ target, action, deploysVersion, drift: input.drift, revertsDrift: input.revertsDrift ?? false },
      effects: change.map(({ effect }) => effect),
      before: environment?.settings,
      sent: environment ? settings : environmentSettings(target, input.policy, input.ground),
      instances: environment?.proof.instances.length ?? 0,
    }),
  }
}

/** A change of an environment that is there and that isn't brought to other content: of its properties, or back to a release. */
export interface ChangeInput {
  target: DeployTarget
  environment: ObservedEnvironment
  steps: PlanStep[]
  /** Label of the version that it will have. */
  version: string | undefined
  deploysVersion: boolean
  settings: OptionSetting[]
  remove: OptionKey[]
  drift: Drift | undefined
}

/** Foresees a change whose steps are known; what drifted and isn't touched by it is kept. Pure. */
export function planChange(input: ChangeInput): DeployPlan {
  const { target, environment, steps, settings, remove } = input
  const touched = new Set([...settings, ...remove].map(optionId))
  const kept = input.drift?.options.filter((option) => !touched.has(optionId(option))) ?? []
  const action = steps.length === 0 ? 'none' : 'update'
  return {
    ...{ application: target.application, environment: target.environment, steps, action },
    applicationExists: true,
    existingVersion: input.version,
    ...{ deploysVersion: input.deploysVersion, settings, remove },
    ...forecast({
      ...{ target, action, deploysVersion: input.deploysVersion, revertsDrift: false },
      drift: input.drift && kept.length > 0 ? { ...input.drift, options: kept } : undefined,
      effects: steps.map(({ effect }) => effect),
      before: environment.settings,
      sent: settings,
      instances: environment.proof.instances.length,
    }),
  }
}

function accountSteps({ observed, target: { application }, lacks = [] }: PlanInput): PlanStep[] {
  const made = lacks.map(({ name, reason }): PlanStep => ({ name, effect: 'none', reason }))
  if (observed.applicationExists) return made
  const name = `create application ${application}`
  return [...made, { name, effect: 'none', reason: 'the account has none of this name' }]
}

function versionSteps({ existingVersion }: PlanInput): PlanStep[] {
  if (existingVersion) return []
  return [
    { name: 'upload bundle and register version', effect: 'none', reason: 'no version has this content' },
  ]
}

function creation({ target }: PlanInput): PlanStep {
  const name = `create environment ${target.environment}`
  return { name, effect: 'none', reason: 'the application has no environment of this name' }
}

function updateSteps(
  input: PlanInput,
  environment: ObservedEnvironment,
  settings: OptionSetting[],
  remove: OptionKey[],
): PlanStep[] {
  const drifted = new Set((input.drift?.options ?? []).map(optionId))
  const now = (option: OptionKey) => valueOf(environment.settings, option) ?? 'not set'
  const reasonFor = (option: OptionKey) => {
    const changed = `changed outside lucree since release ${input.drift?.release}`
    if (option.namespace === PROPERTIES) return `it was ${changed}`
    return `it is ${now(option)}${drifted.has(optionId(option)) ? `, ${changed}` : ''}`
  }
  return [
    ...versionChange(input, environment),
    ...settings.map((option): PlanStep => ({
      name: `set ${namedWithValue(option)}`,
      effect: effectOf(option),
      reason: reasonFor(option),
    })),
    ...remove.map((option): PlanStep => ({
      name: `remove ${named(option)}`,
      effect: effectOf(option),
      reason: reasonFor(option),
    })),
  ]
}

function named({ namespace, name }: OptionKey): string {
  return namespace === PROPERTIES ? `property ${name}` : name
}

/** A property's value may be secret. */
function namedWithValue(option: OptionSetting): string {
  return option.namespace === PROPERTIES ? named(option) : `${option.name} to ${option.value}`
}

function propertySteps({ properties }: PlanInput, effect: Effect): PlanStep[] {
  return properties.map((name) => {
    return { name: `set property ${name}`, effect, reason: 'it is required and not set' }
  })
}

function versionChange(
  { existingVersion }: PlanInput,
  { description, proof }: ObservedEnvironment,
): PlanStep[] {
  const running = description.versionLabel
  if (existingVersion === undefined || existingVersion !== running) {
    const reason = running ? `${running} is deployed` : 'no version is deployed'
    return [{ name: 'deploy new version', effect: 'restart', reason }]
  }
  if (proof.proven) return []
  return [{ name: `deploy ${running} again`, effect: 'restart', reason: proof.missing }]
}

/** Settings that lucree asked for in the project file or by a flag and that the environment has otherwise; what else was changed in the console is left unless it is to be reverted. */
function changeOfSettings({ settings }: ObservedEnvironment, input: PlanInput): OptionSetting[] {
  const followed = followedSettings(input.target, input.policy)
  const ids = new Set(followed.map(optionId))
  const reverted = revertOf(input)?.settings.filter((option) => !ids.has(optionId(option))) ?? []
  return changedSettings(settings, [...followed, ...reverted])
}

function revertOf({ drift, revertsDrift }: PlanInput): Drift['revert'] | undefined {
  return revertsDrift ? drift?.revert : undefined
}
