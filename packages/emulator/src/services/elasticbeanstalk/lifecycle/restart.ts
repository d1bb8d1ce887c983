import { CommandFailed, commandOn } from './command.ts'
import { commandOf } from './command-of.ts'
import type { Ending } from './create.ts'
import type { Story } from './story.ts'

/** Restarts the application on all instances. Events: as seen in April 2026. */
export async function restartAppServer(story: Story): Promise<Ending> {
  await story.say('INFO', 'restartAppServer is starting.')
  const ids = story.environment().instances.map(({ id }) => id)
  try {
    await commandOn(story, ids, commandOf(story, 'restart-app-server'))
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    await story.say('ERROR', 'Failed to restart application server on all ec2 instances.')
    return 'failed'
  }
  await story.context.monitor.settle(story.environmentId, story.signal)
  await story.say('INFO', 'Restarted application server on all ec2 instances.')
  return 'done'
}

/** The tags themselves were changed with the call; the service takes a moment to bring them to the environment's resources. */
export async function updateTags(story: Story): Promise<Ending> {
  await story.say('INFO', 'Environment tag update is starting.')
  await story.context.tempo.take(30, story.signal)
  await story.say('INFO', 'Environment tag update completed successfully.')
  return 'done'
}
