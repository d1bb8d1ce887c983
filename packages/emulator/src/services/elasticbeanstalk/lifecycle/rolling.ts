import type { Command } from '../instance/command.ts'
import { numberOf, valueOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'
import { CommandFailed, commandOn } from './command.ts'
import { drain, launchInstances, setInService, terminateInstances } from './instances.ts'
import type { Story } from './story.ts'

const commandOptions = 'aws:elasticbeanstalk:command'

/** Seconds that a batch is given to pass its checks, at least, however fast the pace is. */
const healthFloorSeconds = 10

/** One batch after the other leaves the load balancer, gets the command and comes back when it passes its checks. Event sequence E. */
export async function rollInBatches(
  story: Story,
  instanceIds: readonly string[],
  command: Command,
  { additional = false } = {},
): Promise<void> {
  const size = batchSize(command.settings, instanceIds.length)
  const extra = additional ? await launchInstances(story, size, command.settings) : []
  const batches = [...(extra.length > 0 ? [extra] : []), ...inBatches(instanceIds, size)]
  const total = story.environment().instances.length
  let done = 0
  for (const [index, batch] of batches.entries()) {
    done += batch.length
    await rollBatch(
      story,
      batch,
      index + 1,
      command,
      `Command execution completed on ${done} of ${total} instances in environment.`,
    )
  }
  await terminateInstances(story, instanceIds.slice(instanceIds.length - extra.length))
}

async function rollBatch(
  story: Story,
  batch: readonly string[],
  number: number,
  command: Command,
  progress: string,
) {
  const say = (text: string) => story.say('INFO', `Batch ${number}: ${text}`)
  await say(`Starting application deployment on instance(s) [${batch.join(', ')}].`)
  await say('De-registering instance(s) from the load balancer and waiting for them to go out of service.')
  await drain(story, batch)
  await say('Starting application deployment command execution.')
  try {
    await commandOn(story, batch, command)
  } catch (error) {
    // What ran before still runs there, and serves as it did.
    await setInService(story, batch, true)
    throw error
  }
  await say('Completed application deployment command execution.')
  await story.say('INFO', progress)
  await say('Registering instance(s) with the load balancer and waiting for them to be healthy. ')
  await setInService(story, batch, true)
  await passChecks(story, batch, command.settings)
  await say('Completed application deployment.')
}

/** Throws {@link CommandFailed} when the instances don't pass their checks in the time of a command; unless health is ignored. */
export async function passChecks(
  story: Story,
  batch: readonly string[],
  settings: readonly Setting[],
): Promise<void> {
  const { monitor, tempo } = story.context
  if (valueOf(settings, commandOptions, 'IgnoreHealthCheck').toLowerCase() === 'true') return
  const seconds = numberOf(settings, commandOptions, 'Timeout')
  const limitMs = tempo.limit(seconds, Math.min(seconds, healthFloorSeconds))
  if (await monitor.waitUntilHealthy(story.environmentId, [...batch], limitMs, story.signal)) return
  await story.say(
    'ERROR',
    `The following instance(s) did not pass health checks in the allowed command timeout time: [${batch.join(', ')}]. Aborting the operation.`,
  )
  throw new CommandFailed(`${batch.join(', ')} did not become healthy`)
}

/** Instances at a time. A percentage is rounded up; one instance at least, all at most. */
export function batchSize(settings: readonly Setting[], total: number): number {
  const size = numberOf(settings, commandOptions, 'BatchSize')
  const percentage = valueOf(settings, commandOptions, 'BatchSizeType') === 'Percentage'
  return Math.min(total, Math.max(1, percentage ? Math.ceil((total * size) / 100) : size))
}

function inBatches(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  )
}
