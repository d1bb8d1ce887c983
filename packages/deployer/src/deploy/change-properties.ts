import { updateEnvironment } from '../beanstalk/environment.ts'
import { lastDeployment, urlOf } from '../beanstalk/health.ts'
import { propertiesOf, propertyKey, propertySetting } from '../beanstalk/options.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { checkTotalSize } from '../config/variables.ts'
import { PlatformError } from '../errors.ts'
import { conclude } from './conclude.ts'
import { observe, type ObservedEnvironment } from './observe.ts'
import type { PlanStep } from './plan.ts'
import type { DeployResult, Told } from './result.ts'
import { findEnvironment } from './status.ts'
import { stage, type Tools, waiting } from './tools.ts'

export interface PropertyChange {
  target: DeployTarget
  set: Map<string, Sensitive>
  unset: string[]
  /** Follows the change to its end and proves it. */
  wait: boolean
}

/** The environment with its settings, once nothing is under way in it. Throws a UsageError when there is none. */
export async function observeEnvironment(target: DeployTarget, tools: Tools): Promise<ObservedEnvironment> {
  await findEnvironment(target, tools)
  const { environment } = await observe(target, tools)
  if (environment) return environment
  throw new PlatformError(`${target.environment} went away`, {
    code: 'LUC-ENVIRONMENT-GONE',
    why: 'it was terminated meanwhile',
    hints: ['lucree deploy'],
  })
}

/** Sets and removes properties in one update, so in one restart; names that are already so are left alone. */
export async function changeProperties(
  asked: PropertyChange,
  observed: ObservedEnvironment,
  tools: Tools,
): Promise<DeployResult> {
  const began = tools.clock.now()
  const { target } = asked
  const { set, unset } = difference(asked, observed)
  const told = tell({ ...asked, set, unset }, observed)
  const done = <T extends object>(outcome: T) => ({ ...outcome, durationMs: tools.clock.now() - began })
  if (told.steps.length === 0) return done({ ...told, outcome: 'unchanged' as const })
  checkTotalSize(afterwards({ ...asked, set, unset }, observed))
  const sent = [...set].map(([name, value]) => propertySetting(name, value))
  const removed = unset.map(propertyKey)
  const change = await stage(
    tools,
    'Update environment',
    () =>
      updateEnvironment(
        tools.cloud.beanstalk,
        {
          application: target.application,
          environment: target.environment,
          settings: sent,
          remove: removed,
        },
        waiting(tools),
      ),
    ({ environment }) => `${environment}: accepted`,
  )
  if (!asked.wait) return done({ ...told, outcome: 'started' as const })
  const afterDeployment = lastDeployment(observed.proof.instances)
  const again = 'lucree env list'
  const names = [...set.keys(), ...unset].join(' and ')
  const claim = `does not work with the change of ${names}`
  const recovery = wayBack(set, observed)
  return done(
    await conclude(
      { target, change, sent, removed, afterDeployment, told, port: undefined, claim, recovery, again },
      tools,
    ),
  )
}

/** All properties that the environment will have. */
function afterwards(
  { set, unset }: PropertyChange,
  { settings }: ObservedEnvironment,
): Record<string, Sensitive> {
  const all = new Map([...propertiesOf(settings), ...set])
  for (const name of unset) all.delete(name)
  return Object.fromEntries(all)
}

/** What was not set before can be taken away; an earlier value is not kept by lucree, so it has to be given again. */
function wayBack(set: Map<string, Sensitive>, { settings }: ObservedEnvironment): string[] {
  const before = propertiesOf(settings)
  const added = [...set.keys()].filter((name) => !before.has(name))
  const changed = [...set.keys()].filter((name) => before.has(name))
  return [
    ...(added.length > 0 ? [`lucree env unset ${added.join(' ')}`] : []),
    ...changed.map((name) => `lucree env set ${name}   # the value that it had before`),
  ]
}

function difference({ set, unset }: PropertyChange, { settings }: ObservedEnvironment) {
  const now = propertiesOf(settings)
  return {
    set: new Map([...set].filter(([name, value]) => !now.get(name)?.equals(value))),
    unset: unset.filter((name) => now.has(name)),
  }
}

function tell({ target, set, unset }: PropertyChange, { description }: ObservedEnvironment): Told {
  const step = (name: string, reason: string): PlanStep => ({ name, effect: 'restart', reason })
  return {
    application: target.application,
    environment: target.environment,
    steps: [
      ...[...set.keys()].map((name) => step(`set ${name}`, 'its value differs')),
      ...unset.map((name) => step(`unset ${name}`, 'it is set')),
    ],
    version: description.versionLabel,
    url: description.cname && urlOf(description.cname),
  }
}
