import { join } from 'node:path'
import type { Context } from '../context.ts'
import { shortContainerId } from '../ids.ts'
import type { Environment, Instance } from '../state/model.ts'
import { instanceDirectories, makeInstanceDirectories } from './directories.ts'
import { discardContainer, isHere } from './discard.ts'
import { openEngineLog } from './engine-log.ts'
import { InstanceFailure } from './failure.ts'
import { startContainer } from './start.ts'

/** Starts an instance's container, which has ended, again as it was started before. One that ends again at once is left as it is. */
export async function reviveContainer(
  context: Context,
  environment: Environment,
  instance: Instance,
  signal: AbortSignal,
): Promise<void> {
  const { launch, container } = instance
  if (launch === undefined || container === undefined || !(await isHere(context, launch))) return
  if (!isStillThere(context, environment.id, instance)) return
  const directories = instanceDirectories(context.instancesDir, instance.id)
  await makeInstanceDirectories(directories)
  const engine = openEngineLog(directories.engineLog, context.clock)
  engine.info('eb-docker.service: the container is not running, starting it again')
  try {
    const outputFile = join(directories.containerLogs, `eb-${shortContainerId()}-stdouterr.log`)
    const name = `eb-${environment.id}-${instance.id}-${instance.deployment?.id ?? 0}`
    const revived = await startContainer(
      context,
      name,
      { ...launch, outputFile },
      (line) => engine.warn(line),
      signal,
    )
    const kept = await context.store.changeEnvironment(environment.id, (draft) => {
      const found = draft.instances.find(({ id }) => id === instance.id)
      // A command may have put another container in its place meanwhile.
      if (found?.container?.id !== container.id) return false
      found.container = revived
      found.launch = { ...launch, outputFile }
      return true
    })
    await discardContainer(context, kept ? container : revived, 0)
  } catch (error) {
    if (!(error instanceof InstanceFailure)) throw error
    engine.error(error.message)
  } finally {
    await engine.flush()
  }
}

/** Not when it was replaced or taken away since it was looked at. */
function isStillThere({ store }: Context, environmentId: string, { id, container }: Instance): boolean {
  const now = store.environment(environmentId)?.instances.find((instance) => instance.id === id)
  return now?.container?.id === container?.id
}
