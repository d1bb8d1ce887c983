import type { Command } from '../instance/command.ts'
import { isSingleInstance, numberOf, sizeOf, valueOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'
import { commandOn } from './command.ts'
import { formerCommand } from './command-of.ts'
import { replaceImmutably } from './immutable.ts'
import { launchInstances, setInService, terminateInstances } from './instances.ts'
import { passChecks } from './rolling.ts'
import type { Story } from './story.ts'

const namespace = 'aws:autoscaling:updatepolicy:rollingupdate'

/** Replaces all instances, as a change of what they are launched with does, in the manner that the update policy says. Throws CommandFailed. */
export async function replaceInstances(story: Story, command: Command): Promise<void> {
  const old = story.environment().instances.map(({ id }) => id)
  const { settings } = command
  const rolling = valueOf(settings, namespace, 'RollingUpdateEnabled').toLowerCase() === 'true'
  if (!rolling || isSingleInstance(settings)) {
    await replace(story, old, sizeOf(settings), command, true)
    return
  }
  if (valueOf(settings, namespace, 'RollingUpdateType') === 'Immutable')
    return replaceImmutably(story, command)
  return replaceInBatches(story, old, command)
}

/** New instances serve before those go whose place they take; when they fail they go themselves. */
async function replace(
  story: Story,
  old: readonly string[],
  count: number,
  command: Command,
  checked: boolean,
): Promise<string[]> {
  const fresh = await launchInstances(story, count, command.settings)
  try {
    await commandOn(story, fresh, command)
    await setInService(story, fresh, true)
    if (checked) await passChecks(story, fresh, command.settings)
  } catch (error) {
    story.signal.throwIfAborted()
    await terminateInstances(story, fresh)
    throw error
  }
  await terminateInstances(story, old)
  return fresh
}

/** `Health` waits for checks after each batch, `Time` for the pause. When one fails, those replaced before are replaced again, by what was there. */
async function replaceInBatches(story: Story, old: readonly string[], command: Command): Promise<void> {
  const { settings } = command
  const size = batchSize(settings, old.length)
  const byHealth = valueOf(settings, namespace, 'RollingUpdateType') === 'Health'
  const replaced: string[] = []
  try {
    for (let from = 0; from < old.length; from += size) {
      const batch = old.slice(from, from + size)
      await story.say(
        'INFO',
        `Rolling update: replacing instance(s) [${batch.join(', ')}], ${from + batch.length} of ${old.length}.`,
      )
      replaced.push(...(await replace(story, batch, batch.length, command, byHealth)))
      const last = from + size >= old.length
      if (!byHealth && !last) await story.context.tempo.take(pauseSeconds(settings), story.signal)
    }
  } catch (error) {
    story.signal.throwIfAborted()
    const former = formerCommand(story, story.environment().settings)
    if (replaced.length > 0) await replace(story, replaced, replaced.length, former, true)
    throw error
  }
}

/** A third of the instances unless it is set; never so many that fewer than the minimum serve. */
function batchSize(settings: readonly Setting[], total: number): number {
  const set = numberOf(settings, namespace, 'MaxBatchSize')
  const kept = numberOf(settings, namespace, 'MinInstancesInService')
  return Math.max(1, Math.min(set > 0 ? set : Math.ceil(total / 3), total - kept))
}

/** `PT5M30S`; the service takes a minute when nothing is set. */
function pauseSeconds(settings: readonly Setting[]): number {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(valueOf(settings, namespace, 'PauseTime'))
  if (match === null) return 60
  const [, hours = 0, minutes = 0, seconds = 0] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
