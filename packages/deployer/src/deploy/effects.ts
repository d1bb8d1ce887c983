import type { OptionKey } from '../beanstalk/option-settings.ts'

/**
 * What a step does to what is running. `none`: nothing that serves is touched. `restart`: the application is stopped and started on the
 * instances that are there. `replace`: the instances themselves are exchanged.
 */
export type Effect = 'none' | 'restart' | 'replace'

interface Rule {
  namespace: string
  /** Undefined: every option of the namespace that has no rule of its own. */
  name?: string
  effect: Effect
  /** Where that is known from: a section of the facts sheet, or the change severity that the service's model names. */
  source: string
}

const LAUNCH = 'aws:autoscaling:launchconfiguration'
const NEXT_CHANGE = 'it is how the next change is carried out'

/** A finite table; what it doesn't know is taken to restart, so that nobody is promised more than is true. */
const RULES: readonly Rule[] = [
  { namespace: 'aws:elasticbeanstalk:application:environment', effect: 'restart', source: '§4.1' },
  { namespace: 'aws:elasticbeanstalk:application:environmentsecrets', effect: 'restart', source: '§4.2' },
  { namespace: LAUNCH, effect: 'replace', source: '§5: launchconfiguration changes replace instances' },
  { namespace: 'aws:ec2:instances', effect: 'replace', source: '§5' },
  { namespace: 'aws:ec2:vpc', effect: 'replace', source: '§5: VPC changes replace instances' },
  { namespace: 'aws:elasticbeanstalk:environment:proxy', effect: 'restart', source: '§1.5' },
  { namespace: 'aws:elasticbeanstalk:environment', name: 'EnvironmentType', effect: 'replace', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:environment', effect: 'none', source: '§5' },
  { namespace: 'aws:autoscaling:asg', effect: 'none', source: '§5: instances are added or taken away' },
  { namespace: 'aws:autoscaling:trigger', effect: 'none', source: '§5' },
  { namespace: 'aws:autoscaling:updatepolicy:rollingupdate', effect: 'none', source: NEXT_CHANGE },
  { namespace: 'aws:elasticbeanstalk:command', effect: 'none', source: NEXT_CHANGE },
  { namespace: 'aws:elasticbeanstalk:trafficsplitting', effect: 'none', source: NEXT_CHANGE },
  { namespace: 'aws:elasticbeanstalk:environment:process:default', effect: 'none', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:application', effect: 'none', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:healthreporting:system', effect: 'none', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:managedactions', effect: 'none', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:managedactions:platformupdate', effect: 'none', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:cloudwatch:logs', effect: 'none', source: '§5' },
  { namespace: 'aws:elasticbeanstalk:cloudwatch:logs:health', effect: 'none', source: '§5' },
  { namespace: 'aws:elbv2:listener:default', effect: 'none', source: '§5' },
  { namespace: 'aws:elbv2:listener:443', effect: 'none', source: '§5' },
  { namespace: 'aws:elbv2:loadbalancer', effect: 'none', source: '§5' },
]

/** What the change of an option does to what is running. */
export function effectOf({ namespace, name }: OptionKey): Effect {
  const own = RULES.find((rule) => rule.namespace === namespace && rule.name === name)
  const general = RULES.find((rule) => rule.namespace === namespace && rule.name === undefined)
  return (own ?? general)?.effect ?? 'restart'
}

const WEIGHT: Record<Effect, number> = { none: 0, restart: 1, replace: 2 }

/** The effect of several steps at once: that of the heaviest. */
export function heaviest(effects: Effect[]): Effect {
  return effects.reduce((worst, effect) => (WEIGHT[effect] > WEIGHT[worst] ? effect : worst), 'none')
}

/** How an environment carries changes out, as far as requests notice it. */
export interface Fleet {
  type: 'single' | 'load-balanced'
  /** Deployment policy by Beanstalk's name. */
  policy: string
  instances: number
  /** The change brings a version. Without one Beanstalk's guide promises batches, but no additional one (facts sheet §4.1, §5). */
  deploysVersion?: boolean
  /** How instances are replaced, which the deployment policy doesn't say: without rolling updates, all at once. */
  replacement?: 'at-once' | 'rolling' | 'immutable'
}

/** Whether requests can go unanswered while a change is carried out, and why; `undefined` when they can't. */
export function outageOf(effect: Effect, fleet: Fleet): string | undefined {
  switch (effect) {
    case 'none':
      return undefined
    case 'restart':
      return outageOfRestart(fleet)
    case 'replace':
      return outageOfReplacement(fleet)
    default:
      return effect satisfies never
  }
}

function outageOfRestart({ type, policy, instances, deploysVersion = false }: Fleet): string | undefined {
  if (policy === 'Immutable' || policy === 'TrafficSplitting') return undefined
  if (type === 'single')
    return 'the only instance stops the application and starts it again: some seconds without an answer'
  if (policy === 'AllAtOnce') return 'the policy all-at-once changes every instance at the same time'
  const isAlone = instances < 2
  if (policy === 'Rolling' && isAlone) return 'with one instance a batch is the whole fleet'
  if (policy === 'RollingWithAdditionalBatch' && isAlone && !deploysVersion)
    return 'with one instance a batch is the whole fleet, and an additional one comes only with a version'
  return undefined
}

function outageOfReplacement({ type, instances, replacement = 'at-once' }: Fleet): string | undefined {
  if (replacement === 'immutable') return undefined
  if (type === 'single') return 'the only instance is replaced: minutes without an answer'
  if (replacement === 'at-once') return 'without rolling updates all instances are replaced at the same time'
  if (instances < 2) return 'the only instance is replaced: minutes without an answer'
  return undefined
}
