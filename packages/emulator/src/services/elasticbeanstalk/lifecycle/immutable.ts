import { scalingGroupName } from '../actions/describe.ts'
import type { Command } from '../instance/command.ts'
import { sizeOf } from '../options/settings.ts'
import { commandOn, runOnAll } from './command.ts'
import { launchInstances, setInService, terminateInstances } from './instances.ts'
import { passChecks } from './rolling.ts'
import type { Story } from './story.ts'

/** One new instance proves the change, then the others follow, then the old ones go; when it fails the new ones go and the old ones stay. Event sequence F. */
export async function replaceImmutably(story: Story, command: Command): Promise<void> {
  const old = story.environment().instances.map(({ id }) => id)
  await story.say(
    'INFO',
    'Immutable deployment policy enabled. Launching one instance with the new settings to verify health.',
  )
  const group = await makeTemporaryGroup(story)
  const fresh: string[] = []
  try {
    fresh.push(...(await launchInstances(story, 1, command.settings)))
    await bringIn(story, fresh, command)
    await story.say('INFO', 'Test instance passed health checks. Launching remaining new instances.')
    const others = sizeOf(command.settings) - 1
    if (others > 0) {
      const rest = await launchInstances(story, others, command.settings)
      fresh.push(...rest)
      await bringIn(story, rest, command)
    }
  } catch (error) {
    story.signal.throwIfAborted()
    await terminateInstances(story, fresh)
    throw error
  }
  await story.say('INFO', 'Successfully launched all instances.')
  await settleIn(story, group)
  await terminateInstances(story, old)
}

/** Answers its name: where new instances are until they take the place of the old ones. */
export async function makeTemporaryGroup(story: Story): Promise<string> {
  const group = scalingGroupName(story.environment()).replace('-stack-', '-immutable-stack-')
  await story.say('INFO', `Created temporary auto scaling group ${group}.`)
  return group
}

async function bringIn(story: Story, ids: readonly string[], command: Command): Promise<void> {
  await commandOn(story, ids, command)
  const names = ids.join(', ')
  await story.say('INFO', `Adding new instance(s) (${names}) to the load balancer.`)
  await setInService(story, ids, true)
  await story.say('INFO', `Waiting for instance(s) (${names}) to pass health checks. `)
  await passChecks(story, ids, command.settings)
}

/** The new instances move to where the old ones are. */
export async function settleIn(story: Story, group: string): Promise<void> {
  await story.say('INFO', `Detached new instance(s) from temporary auto scaling group ${group}.`)
  await story.say(
    'INFO',
    `Attached new instance(s) to the permanent auto scaling group ${scalingGroupName(story.environment())}.`,
  )
  await story.say('INFO', 'Starting post-deployment configuration on new instances.')
  await story.say('INFO', 'Instance deployment completed successfully.')
  await story.say('INFO', 'Waiting for post-deployment configuration to complete.')
  await story.say('INFO', 'Deployment succeeded. Terminating old instances and temporary Auto Scaling group.')
}

/** Brings the number of instances to what the settings ask for, with what runs on the others. */
export async function scale(story: Story, command: Command, min: number, max: number): Promise<void> {
  const ids = story.environment().instances.map(({ id }) => id)
  await terminateInstances(story, ids.slice(max))
  if (ids.length >= min) return
  const fresh = await launchInstances(story, min - ids.length, command.settings)
  const outcomes = await runOnAll(story, fresh, command)
  await setInService(
    story,
    outcomes.filter(({ status }) => status === 'successful').map(({ instance }) => instance),
    true,
  )
}
