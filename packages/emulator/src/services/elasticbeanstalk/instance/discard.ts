import type { BuiltImage, Container } from '../../../runtime/runtime.ts'
import type { Context } from '../context.ts'
import type { Launch } from '../state/model.ts'

/** Seconds that `docker stop` gives an application to end by itself. */
const graceSeconds = 10
const shortestGraceSeconds = 5

/** Whether the runtime that made it is the one that runs now: another one knows nothing of it. */
export function isOfThisRuntime({ runtime }: Pick<Context, 'runtime'>, launch: Launch): boolean {
  return launch.runtime === runtime.name
}

/** Whether what was launched can be started again: this runtime made its image, and has it still. */
export async function isHere(context: Pick<Context, 'runtime'>, launch: Launch): Promise<boolean> {
  return isOfThisRuntime(context, launch) && (await context.runtime.has(launch.image))
}

/** Ends a container that nothing needs any more. That it can't be ended is told and fails nothing: what replaced it serves. */
export async function discardContainer(
  { runtime, tempo, log }: Pick<Context, 'runtime' | 'tempo' | 'log'>,
  container: Container,
  graceMs = tempo.limit(graceSeconds, shortestGraceSeconds),
): Promise<void> {
  try {
    await runtime.stop(container, graceMs)
  } catch (error) {
    log(`The container ${container.id} could not be ended: ${(error as Error).message}`)
  }
}

/** Removes an image that nothing needs any more, in the same manner. */
export async function discardImage(
  { runtime, log }: Pick<Context, 'runtime' | 'log'>,
  image: BuiltImage,
): Promise<void> {
  try {
    await runtime.removeImage(image)
  } catch (error) {
    log(`The image ${image.ref} could not be removed: ${(error as Error).message}`)
  }
}
