import { ensureStorage } from '../actions/storage-location.ts'
import { isSingleInstance, sizeOf } from '../options/settings.ts'
import { ensureLogGroups } from '../resources/log-groups.ts'
import { CommandFailed, commandOn } from './command.ts'
import { commandOf } from './command-of.ts'
import { buildStack, LaunchFailed, untilReported } from './launch.ts'
import { launchInstances, removeInstances, setInService } from './instances.ts'
import { ensureServiceRoles, profileProblem } from './roles.ts'
import { createBalanced, createClosing, createOpening, createSingle, deployPace } from './scripts.ts'
import type { Story } from './story.ts'

/** What became of an operation: how its environment is left. */
export type Ending = 'done' | 'failed' | 'terminated'

/** Launches an environment: event sequences A, B and, when its first deployment fails, H. */
export async function createEnvironment(story: Story): Promise<Ending> {
  const { context } = story
  // Left by a launch that the end of the server interrupted.
  await removeInstances(
    story,
    story.environment().instances.map(({ id }) => id),
  )
  await context.monitor.refresh(story.environmentId)
  await story.play(createOpening)
  await ensureStorage(context)
  return launchEnvironment(story)
}

/** From an environment without instances to one that serves; what a rebuild does too. */
export async function launchEnvironment(story: Story): Promise<Ending> {
  const { context } = story
  const { settings } = story.environment()
  const problem = profileProblem(context, settings)
  if (problem !== undefined) {
    await story.say('ERROR', problem)
    await story.say('ERROR', 'Failed to launch environment.')
    return 'terminated'
  }
  await ensureServiceRoles(context, settings)
  let ids: string[] = []
  try {
    await buildStack(story, isSingleInstance(settings) ? createSingle : createBalanced)
    ids = await launchInstances(story, sizeOf(settings), settings)
    await untilReported(story, settings, ids)
    await ensureLogGroups(context, story.environment())
    await commandOn(story, ids, commandOf(story, 'app-deploy'))
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    if (!(error instanceof LaunchFailed)) await setInService(story, ids, true)
    await context.tempo.take(deployPace.failedCreate, story.signal)
    await story.say(
      'ERROR',
      'Create environment operation is complete, but with errors. For more information, see troubleshooting documentation.',
    )
    return 'failed'
  }
  await setInService(story, ids, true)
  await context.monitor.settle(story.environmentId, story.signal)
  await story.play(createClosing)
  return 'done'
}
