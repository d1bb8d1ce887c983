import type { Story } from './story.ts'
import { runOnInstance, type Command, type Outcome } from '../instance/command.ts'

/** The instances didn't do what they were told; the events have said why. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

const seeLog = "Instance deployment failed. For details, see 'eb-engine.log'."

/**
 * Runs a command on instances at the same time and tells what comes of it. Throws {@link CommandFailed} unless all succeed. Events: the
 * sequences D, E, G and I of the real service.
 */
export async function commandOn(
  story: Story,
  instanceIds: readonly string[],
  command: Command,
): Promise<void> {
  const outcomes = await runOnAll(story, instanceIds, command)
  await story.context.monitor.refresh(story.environmentId)
  if (outcomes.some(({ status }) => status === 'successful')) {
    await story.say('INFO', 'Instance deployment completed successfully.')
  }
  const unsuccessful = outcomes.filter(({ status }) => status !== 'successful')
  if (unsuccessful.length === 0) return
  await tellFailures(story, outcomes)
  await story.say('INFO', summary(story, outcomes))
  const names = unsuccessful.map(({ instance }) => instance).join(', ')
  await story.say(
    'ERROR',
    `Unsuccessful command execution on instance id(s) '${names}'. Aborting the operation.`,
  )
  throw new CommandFailed(`The command failed on ${names}`)
}

/** Rejects, when one does, only after all have ended: nothing of an operation goes on after it. */
export async function runOnAll(
  story: Story,
  instanceIds: readonly string[],
  command: Command,
): Promise<Outcome[]> {
  const runs = await Promise.allSettled(instanceIds.map((id) => runOnInstance(story, id, command)))
  return runs.map((run) => {
    if (run.status === 'rejected') throw run.reason
    return run.value
  })
}

async function tellFailures(story: Story, outcomes: readonly Outcome[]): Promise<void> {
  const failed = outcomes.filter((outcome) => outcome.status === 'failed')
  const reasons = new Set(failed.map(({ event }) => event).filter((event) => event !== seeLog))
  for (const reason of reasons) await story.say('ERROR', reason)
  if (failed.length > 0) await story.say('ERROR', seeLog)
  for (const { instance } of failed) {
    await story.say(
      'ERROR',
      `[Instance: ${instance}] Command failed on instance. Return code: 1 Output: Engine execution has encountered an error..`,
    )
  }
  const late = outcomes.filter(({ status }) => status === 'timedOut').map(({ instance }) => instance)
  if (late.length === 0) return
  await story.say(
    'WARN',
    `The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [${late.join(', ')}].`,
  )
}

function summary(story: Story, outcomes: readonly Outcome[]): string {
  const count = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status).length
  const parts = [
    `Successful: ${count('successful')}`,
    ...(count('failed') > 0 ? [`Failed: ${count('failed')}`] : []),
    ...(count('timedOut') > 0 ? [`TimedOut: ${count('timedOut')}`] : []),
  ]
  const total = story.environment().instances.length
  const where =
    outcomes.length === total ? 'all instances' : `${outcomes.length} of ${total} instances in environment`
  return `Command execution completed on ${where}. Summary: [${parts.join(', ')}].`
}
