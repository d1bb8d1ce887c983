import type { Command } from '../instance/command.ts'
import { numberOf } from '../options/settings.ts'
import { CommandFailed, commandOn } from './command.ts'
import { makeTemporaryGroup, settleIn } from './immutable.ts'
import { launchInstances, setInService, terminateInstances } from './instances.ts'
import { passChecks } from './rolling.ts'
import type { Story } from './story.ts'

const splitting = 'aws:elasticbeanstalk:trafficsplitting'

/** Seconds that an evaluation takes at least, however fast the pace is: enough for new instances to be asked and to fail. */
const evaluationFloorSeconds = 2

/**
 * As many new instances as there are old ones get a share of the requests for the time of an evaluation. When they stay healthy they get all and the
 * old ones go; otherwise they go, and the old ones serve as before. The texts that only this policy has are ours.
 */
export async function splitTraffic(story: Story, command: Command): Promise<void> {
  const old = story.environment().instances.map(({ id }) => id)
  await story.say(
    'INFO',
    `Traffic splitting deployment policy enabled. Launching ${old.length} instance(s) with the new version.`,
  )
  const group = await makeTemporaryGroup(story)
  const fresh: string[] = []
  try {
    fresh.push(...(await launchInstances(story, old.length, command.settings)))
    await commandOn(story, fresh, command)
    await story.say('INFO', `Waiting for instance(s) (${fresh.join(', ')}) to pass health checks. `)
    await passChecks(story, fresh, command.settings)
    await evaluate(story, fresh, command)
  } catch (error) {
    story.signal.throwIfAborted()
    await share(story, undefined)
    await terminateInstances(story, fresh)
    throw error
  }
  await story.say('INFO', 'Successfully launched all instances.')
  await settleIn(story, group)
  await terminateInstances(story, old)
  await share(story, undefined)
}

async function evaluate(story: Story, fresh: string[], { settings }: Command): Promise<void> {
  const { monitor, tempo } = story.context
  const percent = numberOf(settings, splitting, 'NewVersionPercent')
  const minutes = numberOf(settings, splitting, 'EvaluationTime')
  await share(story, percent)
  await setInService(story, fresh, true)
  await story.say(
    'INFO',
    `Sending ${percent} percent of the traffic to the new instance(s) (${fresh.join(', ')}) for an evaluation of ${minutes} minute(s).`,
  )
  const ms = tempo.limit(minutes * 60, evaluationFloorSeconds)
  if (await monitor.stayHealthy(story.environmentId, fresh, ms, story.signal)) return
  await story.say(
    'ERROR',
    'The new instance(s) failed health checks during the evaluation. All traffic goes to the old instance(s) again. Aborting the operation.',
  )
  throw new CommandFailed('The new instances failed their evaluation')
}

/** Undefined: every instance in service gets its turn. */
async function share(story: Story, percent: number | undefined): Promise<void> {
  await story.change(({ operation }) => {
    if (operation === undefined) return
    if (percent === undefined) delete operation.newVersionPercent
    else operation.newVersionPercent = percent
  })
  story.context.fronts.route(story.environment())
}
