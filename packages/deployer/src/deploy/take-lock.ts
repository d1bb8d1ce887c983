import { describeAuthor } from '../beanstalk/author.ts'
import { readLock } from '../beanstalk/lock/lock-document.ts'
import { LockHeld } from '../beanstalk/lock/lock-failures.ts'
import { looksAlive, unlock } from '../beanstalk/lock/manual-lock.ts'
import type { Tools } from './tools.ts'
import { lockPlace, type Undertaking, withLock } from './with-lock.ts'

/**
 * {@link withLock} for commands that have to work although a deploy that hangs holds the lock: one whose owner is gone is taken over at once, and with
 * `force` any. The owner's command then ends at its next step. Without `force` a lock that is in use is a {@link LockHeld} that names its owner.
 */
export async function withTakenLock<T>(
  tools: Tools,
  { force, ...undertaking }: Undertaking & { force: boolean },
  run: (tools: Tools) => Promise<T>,
): Promise<T> {
  const { lock, author } = await lockPlace(tools, undertaking.target, undertaking.origin)
  const seen = await readLock(lock, tools.signal)
  const holder = seen?.document?.holder
  const isGone = holder?.kind === 'lease' && seen !== undefined && !looksAlive(seen, lock.hasEnded)
  const isTaken = seen !== undefined && seen.document?.holder !== null
  if (isTaken && (force || isGone)) {
    const whose = holder ? `${holder.command} of ${describeAuthor(holder)}` : 'nobody who could be named'
    if (await unlock(lock, { seen, author, force }, tools.signal))
      tools.progress.emit({ kind: 'note', message: `Took the lock over from ${whose}` })
  }
  try {
    return await withLock(tools, undertaking, (_lease, held) => run(held))
  } catch (error) {
    throw error instanceof LockHeld ? withForce(error, undertaking.command) : error
  }
}

function withForce({ message, code, why, evidence, document, cause }: LockHeld, command: string): LockHeld {
  return new LockHeld(message, {
    ...{ code, exitCode: 9, evidence, document, cause },
    ...(why ? { why } : {}),
    hints: [
      `${command} --force   # takes it over: the other command then ends at its next step`,
      'lucree status',
    ],
  })
}
