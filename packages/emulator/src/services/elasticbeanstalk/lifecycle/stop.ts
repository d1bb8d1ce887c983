import { liveEnvironments } from '../actions/find.ts'
import type { Context } from '../context.ts'
import { discardContainer } from '../instance/discard.ts'

/** Stops every application. Their containers stay in the state, which is how they are started again. */
export async function stopAll(context: Context): Promise<void> {
  const containers = liveEnvironments(context.store).flatMap(({ instances }) =>
    instances.flatMap(({ container }) => container ?? []),
  )
  await Promise.all(containers.map((container) => discardContainer(context, container)))
}

/** Leaves no image in an engine when the server ends. That it can't be done is told and fails nothing: the next server of the directory does it. */
export async function leaveEngine({ runtime, log }: Context): Promise<void> {
  try {
    await runtime.leave()
  } catch (error) {
    log(`What was built could not be removed: ${(error as Error).message}`)
  }
}
