import type { Command } from '../instance/command.ts'
import { isSingleInstance, valueOf } from '../options/settings.ts'
import { commandOn } from './command.ts'
import { replaceImmutably } from './immutable.ts'
import { rollInBatches } from './rolling.ts'
import { setInService } from './instances.ts'
import type { Story } from './story.ts'
import { splitTraffic } from './traffic-splitting.ts'

/** Runs a command on all instances in the manner that the deployment policy says. Throws {@link CommandFailed}. */
export async function rollOut(story: Story, command: Command): Promise<void> {
  const ids = story.environment().instances.map(({ id }) => id)
  const policy = valueOf(command.settings, 'aws:elasticbeanstalk:command', 'DeploymentPolicy')
  switch (isSingleInstance(command.settings) && policy !== 'Immutable' ? 'AllAtOnce' : policy) {
    case 'Rolling':
      return rollInBatches(story, ids, command)
    case 'RollingWithAdditionalBatch':
      return rollInBatches(story, ids, command, { additional: command.name === 'app-deploy' })
    case 'Immutable':
      return replaceImmutably(story, command)
    case 'TrafficSplitting':
      return splitTraffic(story, command)
    default:
      await commandOn(story, ids, command)
      await setInService(story, ids, true)
  }
}
