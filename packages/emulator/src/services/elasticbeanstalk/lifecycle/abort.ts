import { environmentScope } from '../events.ts'
import type { Severity } from '../state/model.ts'
import type { Ending } from './create.ts'
import { setInService, terminateInstances } from './instances.ts'
import type { Story } from './story.ts'
import { changesConfiguration, commit, isMixed, mixedFleet, takeBack, tellSuccess } from './update.ts'

/**
 * Leads back an update that was stopped in its middle: what it launched goes, a configuration is taken back, and of versions each instance keeps
 * the one that it has. An update whose old instances are gone already has nothing to go back to and is completed, and so is a version that all
 * instances have. The texts are ours.
 */
export async function abortUpdate(story: Story): Promise<Ending> {
  const { operation } = story
  await answer(story, 'INFO', 'abortEnvironmentUpdate is starting.')
  const launched = story.environment().instances.filter(isTemporary(story))
  if (launched.length === story.environment().instances.length && launched.length > 0) return complete(story)
  const { former } = operation
  if (former && (former.exchanged || !changesConfiguration(operation))) return complete(story)
  await story.say('INFO', 'Environment update is aborting.')
  await putBack(story)
  await terminateInstances(
    story,
    launched.map(({ id }) => id),
  )
  if (changesConfiguration(operation)) {
    await uncommit(story)
    await takeBack(story)
    await story.say('ERROR', 'The environment was reverted to the previous configuration setting.')
  } else {
    await forgetPending(story)
    await story.context.monitor.settle(story.environmentId, story.signal)
    if (isMixed(story)) await story.say('ERROR', mixedFleet)
    await story.say('ERROR', 'Failed to deploy application.')
  }
  await answer(story, 'INFO', 'abortEnvironmentUpdate completed successfully.')
  return 'failed'
}

/** An update that had done its work: its environment is again what it was, so that its instances can be. */
async function uncommit(story: Story): Promise<void> {
  await story.change((draft) => {
    const { exchanged, ...former } = draft.operation?.former ?? {}
    if (exchanged !== undefined) Object.assign(draft, former)
  })
}

/** An event of the call that asked for the abort: the update's own call goes on telling what becomes of the update. */
async function answer(story: Story, severity: Severity, message: string): Promise<void> {
  const scope = environmentScope(story.environment(), story.operation.abortedBy)
  await story.context.events.record(scope, severity, message)
}

const isTemporary =
  ({ operation }: Story) =>
  ({ launchedBy }: { launchedBy?: string | undefined }) =>
    launchedBy === operation.requestId

/** Those that were taken out of service for their command serve again. */
async function putBack(story: Story): Promise<void> {
  const stay = story.environment().instances.filter((instance) => !isTemporary(story)(instance))
  await setInService(
    story,
    stay.map(({ id }) => id),
    true,
  )
}

/** An instance whose command was stopped goes on with what it had. */
async function forgetPending(story: Story): Promise<void> {
  const at = story.context.clock.now().toISOString()
  await story.change((draft) => {
    const { versionLabel: label, deploymentId: id } = draft
    for (const instance of draft.instances) {
      if (instance.deployment?.status === 'pending')
        instance.deployment = { label, id, status: 'deployed', at }
    }
  })
}

async function complete(story: Story): Promise<Ending> {
  await setInService(
    story,
    story.environment().instances.map(({ id }) => id),
    true,
  )
  await commit(story, 'replace')
  await story.context.monitor.settle(story.environmentId, story.signal)
  await tellSuccess(story)
  await answer(story, 'INFO', 'abortEnvironmentUpdate completed successfully.')
  return 'done'
}
