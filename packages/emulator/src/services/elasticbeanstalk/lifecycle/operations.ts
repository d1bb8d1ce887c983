import { removeApplication } from '../actions/delete-application.ts'
import { liveEnvironments } from '../actions/find.ts'
import type { Context } from '../context.ts'
import type { FaultVerdict } from '../faults.ts'
import type { Transition } from '../health/transition.ts'
import { isUserDefined } from '../options/table.ts'
import { resourcesFor } from '../resources/kinds.ts'
import { ensureLogGroups } from '../resources/log-groups.ts'
import { stackName } from '../resources/names.ts'
import type { Environment, Operation } from '../state/model.ts'
import { abortUpdate } from './abort.ts'
import { createEnvironment, type Ending } from './create.ts'
import { nounOf } from './nouns.ts'
import { rebuildEnvironment } from './rebuild.ts'
import { restartAppServer, updateTags } from './restart.ts'
import { createStory, subjectOf, type Story } from './story.ts'
import { swapAddresses } from './swap.ts'
import { terminateEnvironment } from './terminate.ts'
import { endOperation } from './transitions.ts'
import { updateEnvironment } from './update.ts'

/** The operations that go on behind the answers. */
export interface Operations {
  /** Goes on with the operation that the environment's state holds, from its beginning. */
  start(environmentId: string): void
  /** Stops the environment's operation where it is; its state still holds it. */
  cancel(environmentId: string): Promise<void>
  /** Stops all of them. */
  close(): Promise<void>
}

const stories: Record<Operation['kind'], (story: Story) => Promise<Ending>> = {
  create: createEnvironment,
  update: updateEnvironment,
  restart: restartAppServer,
  tags: updateTags,
  terminate: terminateEnvironment,
  rebuild: rebuildEnvironment,
  swap: swapAddresses,
}

export function createOperations(context: Context): Operations {
  const running = new Map<string, { controller: AbortController; done: Promise<void> }>()
  const cancel = async (id: string) => {
    const operation = running.get(id)
    operation?.controller.abort(new Error('The operation was stopped'))
    await operation?.done
  }
  return {
    start(id) {
      const operation = context.store.environment(id)?.operation
      if (operation === undefined) return
      const controller = new AbortController()
      const done = run(context, id, operation, controller.signal).finally(() => {
        if (running.get(id)?.controller === controller) running.delete(id)
      })
      running.set(id, { controller, done })
    },
    cancel,
    close: async () => {
      await Promise.all([...running.keys()].map(cancel))
    },
  }
}

/** Never rejects: what goes wrong unforeseen is told as an event and ends the operation. */
async function run(context: Context, id: string, operation: Operation, signal: AbortSignal): Promise<void> {
  const story = createStory(context, id, operation, signal)
  context.monitor.watch(id)
  try {
    const carryOut = operation.abortedBy === undefined ? stories[operation.kind] : abortUpdate
    const ending = (await isRefused(story)) ? 'failed' : await carryOut(story)
    await finish(context, story, ending)
  } catch (error) {
    if (signal.aborted) return
    context.log(`The ${operation.kind} of environment ${id} failed unforeseen: ${(error as Error).stack}`)
    await giveUp(context, story, error as Error)
  }
}

/** Whether the operation is to fail on purpose before it does anything; that is told then. */
async function isRefused(story: Story): Promise<boolean> {
  const stack = stackName(story.environment())
  const subject = { ...subjectOf(story), stack }
  const verdict = await story.context.faults.at('operation beginning', subject, story.signal)
  if (typeof verdict !== 'object' || !('refused' in verdict)) return false
  await story.say('ERROR', verdict.refused)
  await story.say('ERROR', failureOf(story.operation))
  return true
}

async function finish(context: Context, story: Story, ending: Ending): Promise<void> {
  const subject = subjectOf(story)
  await context.faults.at('operation ending', subject, story.signal)
  if (ending === 'terminated') return bury(context, story)
  const verdict = await context.faults.at('health computed', subject, story.signal)
  const { draft, transition } = await story.change((draft) =>
    end(context, draft, story.operation, ending, verdict),
  )
  if (ending === 'done') await ensureLogGroups(context, draft)
  await context.monitor.tell(draft, transition)
}

/** Ready, and with the health that it has, in one step: whoever sees Ready sees the outcome. */
function end(
  context: Context,
  draft: Environment,
  operation: Operation,
  ending: Ending,
  verdict: FaultVerdict,
) {
  const noun = nounOf(operation)
  const now = context.clock.now()
  const before = draft.health?.status
  // Here a termination is one that failed: its environment is still there.
  endOperation(draft, now, 'Ready')
  // What the settings no longer ask for is gone, and what they now ask for is there.
  if (ending === 'done' && operation.kind === 'update') draft.resources.made = resourcesFor(draft.settings)
  if (noun !== undefined) draft.lastOperation = lastOperation(noun, operation, ending, now)
  const transition: Transition | undefined =
    verdict === 'skip' ? undefined : context.monitor.conclude(draft, verdict)
  return { draft, transition: draft.health?.status === before ? undefined : transition }
}

function lastOperation(
  noun: string,
  operation: Operation,
  ending: Ending,
  now: Date,
): Environment['lastOperation'] {
  return {
    noun,
    // The service calls an initialization completed, however it went.
    outcome:
      ending === 'failed' && operation.kind !== 'create' && operation.kind !== 'rebuild'
        ? 'failed'
        : 'completed',
    at: now.toISOString(),
    seconds: (now.getTime() - Date.parse(operation.startedAt)) / 1000,
  }
}

/** Terminated; its application goes too when it was only waiting for that. */
async function bury(context: Context, story: Story): Promise<void> {
  const { environmentId: id } = story
  context.monitor.leave(id)
  await story.change((draft) => {
    const now = context.clock.now()
    endOperation(draft, now, 'Terminated')
    draft.terminatedAt = now.toISOString()
    // No secret outlives its environment.
    draft.settings = draft.settings.filter(({ namespace }) => !isUserDefined(namespace))
    draft.health = { status: 'NoData', causes: [], refreshedAt: now.toISOString() }
  })
  await context.fronts.close(id)
  const { application } = story.environment()
  const waits = context.store.application(application)?.deleting ?? false
  const others = liveEnvironments(context.store).some(
    (environment) => environment.application === application,
  )
  if (waits && !others) await removeApplication(context, application, story.operation.requestId)
}

/** Seconds between two tries to keep the end of an operation that went wrong. */
const retrySeconds = 5

/** The environment is Ready again, whatever happened, and its events say what. While the disk is full that is tried again and again. */
async function giveUp(context: Context, story: Story, error: Error): Promise<void> {
  while (!story.signal.aborted) {
    try {
      await story.say('ERROR', `The embedded Beanstalk failed: ${error.message}`)
      await story.say('ERROR', failureOf(story.operation))
      return await finish(context, story, 'failed')
    } catch (cause) {
      if (story.signal.aborted) return
      context.log(
        `The end of an operation on ${story.environmentId} could not be kept: ${(cause as Error).message}`,
      )
      // Called off like any other wait; the loop's condition sees it.
      await context.clock.sleep(retrySeconds * 1000, story.signal).catch(() => undefined)
    }
  }
}

function failureOf({ kind, settings }: Operation): string {
  switch (kind) {
    case 'create':
      return 'Create environment operation is complete, but with errors. For more information, see troubleshooting documentation.'
    case 'update':
      return settings === undefined ? 'Failed to deploy application.' : 'Failed to deploy configuration.'
    case 'rebuild':
      return 'Failed to rebuild environment.'
    case 'swap':
      return 'Failed to swap CNAMEs.'
    case 'restart':
      return 'Failed to restart application server on all ec2 instances.'
    case 'tags':
      return 'Environment tag update failed.'
    case 'terminate':
      return 'Failed to terminate environment.'
  }
}
