import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Container } from '../../../runtime/runtime.ts'
import { drainContainer } from '../lifecycle/drain.ts'
import type { Story } from '../lifecycle/story.ts'
import type { Instance, Launch } from '../state/model.ts'
import { find, type Command } from './command.ts'
import { instanceDirectories } from './directories.ts'
import { discardContainer, discardImage, isOfThisRuntime } from './discard.ts'

/** Outputs of earlier containers that an instance keeps. */
const keptOutputs = 5

/** From here on the new container is the instance's: on disk first, so that a kill -9 finds it. Answers what the instance had before. */
export function install(
  story: Story,
  instanceId: string,
  { name, label, deploymentId }: Command,
  started: { container: Container; launch: Launch },
): Promise<Instance> {
  const at = story.context.clock.now().toISOString()
  return story.change((draft) => {
    const instance = find(draft.instances, instanceId)
    const before = structuredClone(instance)
    Object.assign(instance, started, { commandFailed: false })
    if (name !== 'restart-app-server')
      instance.deployment = { label, id: deploymentId, status: 'deployed', at }
    return before
  })
}

/** Sends requests to the new container, waits until the old one has answered its last, and ends it. */
export async function flip(story: Story, before: Instance, command: Command, launch: Launch): Promise<void> {
  story.context.fronts.route(story.environment())
  if (before.container !== undefined) {
    await drainContainer(story, before.container, command.settings)
    await discardContainer(story.context, before.container)
  }
  await discardUnused(story, before.launch, launch)
  await tidy(story, before.id, command, basename(launch.outputFile))
}

/** Removes an image unless the other launch uses it too. */
export async function discardUnused(
  story: Story,
  launch: Launch | undefined,
  other: Launch | undefined,
): Promise<void> {
  if (launch === undefined || launch.image.ref === other?.image.ref) return
  if (isOfThisRuntime(story.context, launch)) await discardImage(story.context, launch.image)
}

/** `/var/app/current` is what runs; of outputs only the newest are kept. */
async function tidy(
  { context }: Story,
  instanceId: string,
  { name }: Command,
  newest: string,
): Promise<void> {
  const { staging, current, containerLogs } = instanceDirectories(context.instancesDir, instanceId)
  if (name === 'app-deploy') {
    await rm(current, { recursive: true, force: true })
    await rename(staging, current)
  }
  const outputs = (await readdir(containerLogs)).filter((file) => file !== newest && isOutput(file))
  const dated = await Promise.all(
    outputs.map(async (file) => ({ file, at: (await stat(join(containerLogs, file))).mtimeMs })),
  )
  for (const { file } of dated.sort((a, b) => b.at - a.at).slice(keptOutputs)) {
    await rm(join(containerLogs, file), { force: true })
  }
}

/** What an application logs to Dockerrun's `Logging` lies beside the outputs and is its own business. */
function isOutput(file: string): boolean {
  return /^eb-[0-9a-f]{12}-stdouterr\.log$/.test(file)
}
