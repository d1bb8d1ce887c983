import { belongingsOfOne } from '../resources/belongings.ts'
import type { Story } from './story.ts'

/** Seconds that CloudFormation tries to delete a security group; at a faster pace at least {@link floorSeconds}. */
const triedSeconds = 1200
const floorSeconds = 3

/** Milliseconds between two tries. */
const betweenTries = 250

/**
 * Whether the environment's security groups stay because rules of other groups name them: waited for, and told when it lasts (facts sheet §6.1,
 * 30; CloudFormation's texts).
 */
export async function areGroupsHeld(story: Story): Promise<boolean> {
  const { clock, tempo, ground } = story.context
  const deadline = clock.now().getTime() + tempo.limit(triedSeconds, floorSeconds)
  for (;;) {
    const { groups } = belongingsOfOne(story.context, story.environment())
    const held = groups.filter(({ id }) => ground.network.dependents(id).length > 0)
    if (held.length === 0) return false
    if (clock.now().getTime() >= deadline) {
      for (const { id, name } of held) {
        await story.say(
          'ERROR',
          `Deleting security group named: ${name} failed Reason: resource ${id} has a dependent object`,
        )
      }
      await story.say(
        'ERROR',
        `Stack deletion failed: The following resource(s) failed to delete: [${held.map(({ name }) => name.split('-').at(-2)).join(', ')}].`,
      )
      await story.say('ERROR', 'Failed to terminate environment.')
      return true
    }
    await clock.sleep(betweenTries, story.signal)
  }
}
