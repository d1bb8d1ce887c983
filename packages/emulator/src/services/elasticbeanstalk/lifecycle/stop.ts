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
