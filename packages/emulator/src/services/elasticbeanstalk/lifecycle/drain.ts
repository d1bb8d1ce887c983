import type { Container } from '../../../runtime/runtime.ts'
import { numberOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'
import type { Story } from './story.ts'

/** Waits until the container has answered its last request, at most for the deregistration delay; not at all when the server is closing. */
export async function drainContainer(
  { context, signal }: Story,
  container: Container,
  settings: readonly Setting[],
): Promise<void> {
  const seconds = numberOf(
    settings,
    'aws:elasticbeanstalk:environment:process:default',
    'DeregistrationDelay',
  )
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([context.fronts.drain(container.id, seconds * 1000), aborted])
}
