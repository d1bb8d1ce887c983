import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { look, type Proof } from '../beanstalk/health.ts'
import { untilReady } from '../beanstalk/environment.ts'
import { ageOf, prove } from '../beanstalk/prove.ts'
import { environmentSettings } from '../beanstalk/options.ts'
import { optionId, propertiesOf } from '../beanstalk/option-settings.ts'
import { Sensitive } from '../config/sensitive.ts'
import type { OptionSetting } from '../beanstalk/option-settings.ts'
import type { EnvironmentDescription, VersionDescription } from '../beanstalk/ports.ts'
import { anotherEnvironment, type DeployTarget } from '../config/target.ts'
import { PlatformError, UsageError } from '../errors.ts'
import { stayingKeys } from './staying.ts'
import { type Tools, waiting } from './tools.ts'

/** What is there before anything is changed. */
export interface Observed {
  applicationExists: boolean
  versions: VersionDescription[]
  /** Undefined when the environment has to be made. */
  environment: ObservedEnvironment | undefined
}

export interface ObservedEnvironment {
  description: EnvironmentDescription
  settings: OptionSetting[]
  /** Whether the version that it claims really runs and answers. */
  proof: Proof
}

/** Looks at application, versions and environment. An environment in the middle of something is waited for. */
export async function observe(target: DeployTarget, tools: Tools): Promise<Observed> {
  const { beanstalk } = tools.cloud
  const [application, found] = await Promise.all([
    beanstalk.describeApplication(target.application, tools.signal),
    beanstalk.findEnvironment(target.environment, tools.signal),
  ])
  if (found) refuseForeign(found, target)
  const description = found && (await settled(found, tools))
  const [versions, settings, proof] = await Promise.all([
    application ? beanstalk.describeVersions(target.application, undefined, tools.signal) : [],
    description ? beanstalk.describeSettings(target.application, target.environment, tools.signal) : [],
    description && proofOf(description, { target, justSettled: !isReady(found) }, tools),
  ])
  if (description) {
    refuseUnsupported(settings, target)
    tellOfStaying(settings, target, tools)
  }
  announceSecrets(settings, target)
  return {
    applicationExists: application !== undefined,
    versions,
    environment: description && proof && { description, settings, proof },
  }
}

/** One look; after a change that has only just ended the application may still be starting, or about to end, and is given time. */
async function proofOf(
  environment: EnvironmentDescription,
  { target, justSettled }: { target: DeployTarget; justSettled: boolean },
  tools: Tools,
): Promise<Proof> {
  const expected = { ...target, versionLabel: environment.versionLabel ?? '' }
  const { beanstalk } = tools.cloud
  if (justSettled) return prove(beanstalk, expected, waiting(tools), tools)
  const seen = await look(beanstalk, expected, tools.clock, tools.signal)
  const isYoung = seen.proven && ageOf(seen.instances) < tools.steadyMs
  return isYoung ? prove(beanstalk, expected, waiting(tools), { ...tools, graceMs: 0 }) : seen
}

function isReady(environment: EnvironmentDescription | undefined): boolean {
  return environment !== undefined && EnvironmentStatus.of(environment).isReady
}

/** A value that the project declares secret must never be printed, whatever its name: a failed deploy's log may quote it. */
function announceSecrets(settings: OptionSetting[], { variables }: DeployTarget): void {
  for (const [name, value] of propertiesOf(settings))
    if (variables[name]?.secret) new Sensitive(value.reveal())
}

/** What the project file says in vain is told, so that nobody takes it for done. */
function tellOfStaying(settings: OptionSetting[], target: DeployTarget, { progress }: Tools): void {
  const keys = stayingKeys(target, settings)
  if (keys.length === 0) return
  const message = `${target.environment} keeps what it has of ${keys.join(', ')}: what lucree.json says there counts when an environment is made`
  progress.emit({ kind: 'warning', message })
}

/** What lucree can't do to an environment that is there is said before anything is touched. */
function refuseUnsupported(settings: OptionSetting[], target: DeployTarget): void {
  const now = new Map(settings.map((option) => [optionId(option), option.value]))
  if (now.get('aws:elasticbeanstalk:healthreporting:system/SystemType') === 'basic') {
    throw new UsageError(`${target.environment} has basic health reporting`, {
      code: 'LUC-ENVIRONMENT-BASIC-HEALTH',
      why: 'it tells nothing of instances and versions, so no deploy could be proved',
      hints: ['lucree console   # Configuration, Health reporting: enhanced'],
    })
  }
  const wanted = environmentSettings(target).find(({ name }) => name === 'EnvironmentType')
  const type = wanted && now.get(optionId(wanted))
  if (!wanted || type === undefined || type === wanted.value) return
  throw new UsageError(`${target.environment} is ${type}, and lucree.json asks for ${wanted.value}`, {
    code: 'LUC-ENVIRONMENT-TYPE',
    why: 'lucree does not change the type of an environment yet',
    hints: ['set "type" in lucree.json to what the environment is', anotherEnvironment(target)],
  })
}

/** Environment names are unique in a region, whatever application they belong to; a Cluster environment is another product. */
function refuseForeign(found: EnvironmentDescription, target: DeployTarget): void {
  if (found.application !== target.application) {
    throw new UsageError(`The environment name ${target.environment} is taken`, {
      code: 'LUC-ENVIRONMENT-TAKEN',
      why: `it belongs to the application ${found.application}, and names are unique in a region`,
      hints: [anotherEnvironment(target)],
    })
  }
  if (found.tier === 'Cluster') {
    throw new UsageError(
      `${target.environment} is an Elastic Beanstalk Cluster environment, which lucree does not deploy to`,
      {
        code: 'LUC-ENVIRONMENT-CLUSTER',
        hints: [anotherEnvironment(target)],
      },
    )
  }
}

/** The environment once nothing is under way; undefined when it is going away and then gone. */
async function settled(
  found: EnvironmentDescription,
  tools: Tools,
): Promise<EnvironmentDescription | undefined> {
  if (EnvironmentStatus.of(found).isReady) return found
  const { progress, clock, cloud, deadline } = tools
  const began = clock.now()
  progress.emit({ kind: 'note', message: `${found.name} is ${found.status}: waiting until that is over` })
  const onLook = ({ name, status }: EnvironmentDescription) =>
    progress.emit({
      kind: 'waiting',
      reason: `${name} is ${status}`,
      sinceMs: clock.now() - began,
      deadlineMs: deadline - began,
    })
  const of = { application: found.application, environment: found.name }
  try {
    return await untilReady(cloud.beanstalk, of, waiting(tools), onLook)
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'LUC-ENVIRONMENT-GONE') return undefined
    throw error
  }
}

export function describeObserved({ environment }: Observed): string {
  if (!environment) return 'no environment of this name yet'
  const { description, proof } = environment
  const state = `${description.name} is ${description.status}`
  return proof.proven ? `${state} and runs ${description.versionLabel}` : `${state}; ${proof.missing}`
}
