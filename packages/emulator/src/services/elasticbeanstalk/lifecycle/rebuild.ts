import { isSingleInstance } from '../options/settings.ts'
import { madeOf } from '../resources/belongings.ts'
import { launchEnvironment, type Ending } from './create.ts'
import { drain, removeInstances } from './instances.ts'
import { terminateBalanced, terminateSingle } from './scripts.ts'
import type { Story } from './story.ts'

/** Takes away all that the environment has and launches it again with the same version, settings and address; one that was terminated has nothing to take away. */
export async function rebuildEnvironment(story: Story): Promise<Ending> {
  await story.say('INFO', 'rebuildEnvironment is starting.')
  const ids = story.environment().instances.map(({ id }) => id)
  await drain(story, ids)
  await removeInstances(story, ids)
  const { settings } = story.environment()
  if (madeOf(story.environment()).length > 0)
    await story.play(isSingleInstance(settings) ? terminateSingle : terminateBalanced)
  return launchEnvironment(story)
}
