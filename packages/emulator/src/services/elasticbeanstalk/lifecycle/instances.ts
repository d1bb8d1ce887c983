import { rm } from 'node:fs/promises'
import * as ids from '../ids.ts'
import { find } from '../instance/command.ts'
import { instanceDirectories, makeInstanceDirectories } from '../instance/directories.ts'
import { discardContainer } from '../instance/discard.ts'
import { discardUnused } from '../instance/flip.ts'
import type { Instance, Operation, Setting } from '../state/model.ts'
import { drainContainer } from './drain.ts'
import { slots, untilLaunchable } from './launch.ts'
import { subjectOf, type Story } from './story.ts'

/** Launches instances that have nothing deployed yet and are out of service. Answers their ids. Throws LaunchFailed when they can't be had. */
export async function launchInstances(
  story: Story,
  count: number,
  settings: readonly Setting[],
): Promise<string[]> {
  const { signal } = story
  const verdict = await story.context.faults.at('instance launching', subjectOf(story), signal)
  await untilLaunchable(story, settings, count)
  const at = story.context.clock.now().toISOString()
  const temporary = isFirst(story.operation) ? {} : { launchedBy: story.operation.requestId }
  const made: Instance[] = slots(story, settings, count).map((slot) => ({
    id: ids.instanceId(),
    launchedAt: at,
    ...slot,
    ...(verdict === 'unheard' ? { silent: true } : {}),
    inService: false,
    commandFailed: false,
    ...temporary,
  }))
  for (const { id } of made)
    await makeInstanceDirectories(instanceDirectories(story.context.instancesDir, id))
  await story.change((draft) => void draft.instances.push(...made))
  const names = made.map(({ id }) => id)
  await story.mention(
    'INFO',
    `Added instance${names.length > 1 ? 's' : ''} [${names.join(', ')}] to your environment.`,
  )
  return names
}

/** Nothing ran before it, so there is nothing to go back to. */
function isFirst({ kind }: Operation): boolean {
  return kind === 'create' || kind === 'rebuild'
}

/** New requests go to the instances, or no longer do. */
export async function setInService(
  story: Story,
  instanceIds: readonly string[],
  inService: boolean,
): Promise<void> {
  await story.change((draft) => {
    for (const id of instanceIds) find(draft.instances, id).inService = inService
  })
  story.context.fronts.route(story.environment())
}

/** Takes instances out of service and waits until they have answered their last requests, at most for the deregistration delay. */
export async function drain(story: Story, instanceIds: readonly string[]): Promise<void> {
  await setInService(story, instanceIds, false)
  const { instances, settings } = story.environment()
  await Promise.all(
    instanceIds.map(async (id) => {
      const { container } = find(instances, id)
      if (container) await drainContainer(story, container, settings)
    }),
  )
}

/** Drains, stops and removes instances with all their files. */
export async function terminateInstances(story: Story, instanceIds: readonly string[]): Promise<void> {
  if (instanceIds.length === 0) return
  await drain(story, instanceIds)
  await removeInstances(story, instanceIds)
  const plural = instanceIds.length > 1 ? 's' : ''
  await story.mention('INFO', `Removed instance${plural} [${instanceIds.join(', ')}] from your environment.`)
}

/** Stops and removes instances without a word and without waiting for requests. */
export async function removeInstances(story: Story, instanceIds: readonly string[]): Promise<void> {
  const { context } = story
  const gone = instanceIds.map((id) => find(story.environment().instances, id))
  await story.change((draft) => {
    draft.instances = draft.instances.filter(({ id }) => !instanceIds.includes(id))
  })
  for (const { id, container, launch } of gone) {
    if (container) await discardContainer(context, container)
    await discardUnused(story, launch, undefined)
    await rm(instanceDirectories(context.instancesDir, id).root, { recursive: true, force: true })
  }
}
