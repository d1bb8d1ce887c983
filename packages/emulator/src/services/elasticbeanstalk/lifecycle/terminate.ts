import { isSingleInstance } from '../options/settings.ts'
import type { Ending } from './create.ts'
import { drain, removeInstances } from './instances.ts'
import { terminateBalanced, terminateClosing, terminateOpening, terminateSingle } from './scripts.ts'
import type { Story } from './story.ts'

/** Takes everything away that the environment has: event sequence J. */
export async function terminateEnvironment(story: Story): Promise<Ending> {
  await story.play(terminateOpening)
  const ids = story.environment().instances.map(({ id }) => id)
  await drain(story, ids)
  await removeInstances(story, ids)
  await story.play(isSingleInstance(story.environment().settings) ? terminateSingle : terminateBalanced)
  await story.play(terminateClosing)
  return 'terminated'
}
