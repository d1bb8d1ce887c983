import type { Command } from '../instance/command.ts'
import { isSingleInstance, numberOf, severityOfChange } from '../options/settings.ts'
import type { Environment, Operation } from '../state/model.ts'
import { CommandFailed, runOnAll } from './command.ts'
import { commandOf, formerCommand } from './command-of.ts'
import type { Ending } from './create.ts'
import { scale } from './immutable.ts'
import { replaceInstances } from './replacing.ts'
import { rollOut } from './rollout.ts'
import { deployPace } from './scripts.ts'
import type { Story } from './story.ts'

/** What an update does to the instances. */
type Effect = 'none' | 'deploy' | 'restart' | 'replace'

/** Deploys a version, new settings, or both at once: event sequences C to G. */
export async function updateEnvironment(story: Story): Promise<Ending> {
  const { operation } = story
  await story.say('INFO', 'Environment update is starting.')
  const effect = effectOf(story.environment(), operation)
  try {
    await announce(story, effect)
    await apply(story, effect)
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return operation.settings === undefined && operation.platformVersion === undefined
      ? failDeploy(story)
      : revert(story)
  }
  await commit(story, effect)
  await story.context.monitor.settle(story.environmentId, story.signal)
  await tellSuccess(story)
  return 'done'
}

function effectOf(environment: Environment, { settings, versionLabel, platformVersion }: Operation): Effect {
  const severity = settings && severityOfChange(environment.settings, settings)
  if (severity === 'RestartEnvironment' || severity === 'Unknown' || platformVersion !== undefined)
    return 'replace'
  if (versionLabel !== undefined) return 'deploy'
  return severity === 'RestartApplicationServer' ? 'restart' : 'none'
}

async function announce(story: Story, effect: Effect): Promise<void> {
  const { tempo } = story.context
  if (changesConfiguration(story.operation)) {
    await tempo.take(deployPace.configurationBegin, story.signal)
    await story.say('INFO', `Updating environment ${story.environment().name}'s configuration settings.`)
  }
  if (effect !== 'deploy') return
  await tempo.take(deployPace.begin, story.signal)
  await story.say('INFO', 'Deploying new version to instance(s).')
}

async function apply(story: Story, effect: Effect): Promise<void> {
  const command = commandOf(story, effect === 'restart' ? 'config-deploy' : 'app-deploy')
  if (effect === 'replace') await replaceInstances(story, command)
  if (effect === 'deploy' || effect === 'restart') await rollOut(story, command)
  const single = isSingleInstance(command.settings)
  const limit = (name: string) => (single ? 1 : numberOf(command.settings, 'aws:autoscaling:asg', name))
  const current = effect === 'none' ? { ...command, deploymentId: story.environment().deploymentId } : command
  await scale(story, { ...current, name: 'app-deploy' }, limit('MinSize'), limit('MaxSize'))
}

/** What was asked for is now what the environment is. */
export async function commit(story: Story, effect: Effect): Promise<void> {
  const { settings, versionLabel, platformVersion, deploymentId } = story.operation
  await story.change((draft) => {
    if (draft.operation) draft.operation.former ??= formerOf(draft, effect)
    if (settings !== undefined) draft.settings = settings
    if (versionLabel !== undefined) draft.versionLabel = versionLabel
    if (platformVersion !== undefined) draft.platformVersion = platformVersion
    if (effect !== 'none' && deploymentId !== undefined) draft.deploymentId = deploymentId
    for (const instance of draft.instances) delete instance.launchedBy
  })
}

/** What an abort that comes now leads back to. */
function formerOf(environment: Environment, effect: Effect): Operation['former'] {
  const { settings, versionLabel, platformVersion, deploymentId } = environment
  return { settings, versionLabel, platformVersion, deploymentId, exchanged: effect === 'replace' }
}

export async function tellSuccess(story: Story): Promise<void> {
  const { tempo } = story.context
  const { operation } = story
  if (operation.versionLabel !== undefined) {
    await tempo.take(deployPace.close, story.signal)
    await story.say('INFO', 'New application version was deployed to running EC2 instances.')
  }
  if (changesConfiguration(operation)) {
    await tempo.take(deployPace.configurationClose, story.signal)
    await story.say('INFO', 'Successfully deployed new configuration to environment.')
  }
  if (operation.versionLabel !== undefined || !changesConfiguration(operation)) {
    await story.say('INFO', 'Environment update completed successfully.')
  }
}

export function changesConfiguration({ settings, platformVersion }: Operation): boolean {
  return settings !== undefined || platformVersion !== undefined
}

/** Instances have, or were last told to have, another deployment than the environment. */
export function isMixed(story: Story): boolean {
  const { instances, deploymentId } = story.environment()
  return instances.some(({ deployment }) => deployment?.id !== deploymentId)
}

export const mixedFleet =
  'During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.'

/** No roll-back: instances that got the new version keep it, and the expected version is the old one again. */
async function failDeploy(story: Story): Promise<Ending> {
  if (story.environment().instances.length > 1 && isMixed(story)) await story.say('ERROR', mixedFleet)
  await story.context.monitor.settle(story.environmentId, story.signal)
  await story.say('ERROR', 'Failed to deploy application.')
  return 'failed'
}

/** A configuration that fails is taken back, and with it the version that came with it. */
async function revert(story: Story): Promise<Ending> {
  await story.say('ERROR', 'Failed to deploy configuration.')
  await takeBack(story)
  await story.say('ERROR', 'The environment was reverted to the previous configuration setting.')
  return 'failed'
}

/** Instances that got the new configuration get what they had before. */
export async function takeBack(story: Story): Promise<void> {
  const { settings, instances, deploymentId } = story.environment()
  const former = formerCommand(story, settings)
  const changed = instances.filter(
    ({ deployment }) => deployment?.status === 'deployed' && deployment.id !== deploymentId,
  )
  await runOnAll(
    story,
    changed.map(({ id }) => id),
    former,
  )
  await story.change((draft) => {
    for (const instance of draft.instances) restoreRecord(instance, former, story.context.clock.now())
  })
  await story.context.monitor.settle(story.environmentId, story.signal)
}

/** An instance whose command failed has gone on with what it had: so that is what it runs. */
export function restoreRecord(instance: Environment['instances'][number], former: Command, now: Date): void {
  delete instance.launchedBy
  if (instance.container === undefined || instance.deployment?.id === former.deploymentId) return
  instance.deployment = {
    label: former.label,
    id: former.deploymentId,
    status: 'deployed',
    at: now.toISOString(),
  }
  instance.commandFailed = false
}
