import { isPassing, pause, type Waiting } from '../../beanstalk/poll.ts'
import { CloudError } from '../../errors.ts'

/** Attempts of one removal: with pauses that double from 5 s that is a minute and a half on AWS. */
const ATTEMPTS = 5
/** Refusals that end by themselves: what holds the thing was removed just now, and the service doesn't know it everywhere yet. */
const PASSING =
  /^(DeleteConflict|DependencyViolation|OperationInProgress|OperationAborted|EntityTemporarilyUnmodifiable)/

/** Tries a removal again while it fails for a reason that passes: throttling, a server's error, something that is removed just now. */
export async function persistently(waiting: Waiting, remove: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await remove()
    } catch (error) {
      waiting.signal.throwIfAborted()
      const passing = isPassing(error) || (error instanceof CloudError && PASSING.test(error.awsCode ?? ''))
      if (!passing || attempt === ATTEMPTS || !(await pause(waiting, attempt - 1))) throw error
    }
  }
}
