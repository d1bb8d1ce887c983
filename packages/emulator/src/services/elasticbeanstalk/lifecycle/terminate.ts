import { isSingleInstance } from '../options/settings.ts'
import { removeLogGroups } from '../resources/log-groups.ts'
import type { Ending } from './create.ts'
import { areGroupsHeld } from './dependents.ts'
import { drain, removeInstances } from './instances.ts'
import { terminateBalanced, terminateClosing, terminateOpening, terminateSingle } from './scripts.ts'
import { subjectOf, type Story } from './story.ts'

/** Takes everything away that the environment has: event sequence J. */
export async function terminateEnvironment(story: Story): Promise<Ending> {
  await story.play(terminateOpening)
  const ids = story.environment().instances.map(({ id }) => id)
  await drain(story, ids)
  await removeInstances(story, ids)
  const script = isSingleInstance(story.environment().settings) ? terminateSingle : terminateBalanced
  const groups = script.findIndex(({ removes }) => removes?.includes('securityGroup'))
  await story.play(script.slice(0, groups))
  await story.context.faults.at('groups deleting', subjectOf(story), story.signal)
  if (await areGroupsHeld(story)) return 'failed'
  await story.play(script.slice(groups))
  await removeLogGroups(story.context, story.environment())
  await story.play(terminateClosing)
  return 'terminated'
}
