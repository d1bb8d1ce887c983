import * as Flags from '@oclif/core/flags'
import { describeAuthor } from '../beanstalk/author.ts'
import { readLock, type SeenLock } from '../beanstalk/lock/lock-document.ts'
import { stillAlive, type ToldHolder, tellHolder, unreadable } from '../beanstalk/lock/lock-failures.ts'
import { looksAlive, unlock } from '../beanstalk/lock/manual-lock.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { confirmYes } from '../cli/confirm-yes.ts'
import { toolsOf } from '../cli/tools.ts'
import { lockPlace } from '../deploy/with-lock.ts'
import type { Style } from '../report/style.ts'

interface Unlocked {
  application: string
  environment: string
  outcome: 'unlocked' | 'unchanged'
  /** Whose lock it was. */
  lock: ToldHolder | null
}

export default class Unlock extends CloudCommand<Unlocked> {
  static override summary = "Take the environment's lock away"
  static override description =
    'Says whose it is and asks. A lock that a running command holds needs --force: that command then ends at its next step, and what it has asked Beanstalk for goes on. The lock of a command that was killed frees itself within a minute.'

  static override examples = [
    '<%= config.bin %> unlock',
    {
      description: 'From a script, also when a command is running',
      command: '<%= config.bin %> unlock --force --yes',
    },
  ]

  static override flags = {
    force: Flags.boolean({ description: 'Also take it from a command that is running' }),
  }

  override async run(): Promise<Unlocked> {
    const { flags } = await this.parse(Unlock)
    // Whoever destroys an application is led here for an environment that lucree.json may not list.
    const session = await this.session({ allowsUnlisted: true })
    const { signal, target } = session
    const { application, environment } = target
    const { lock, author } = await lockPlace(toolsOf(session), target, this.origin)
    const seen = await readLock(lock, signal)
    if (!seen || seen.document?.holder === null) {
      return { application, environment, outcome: 'unchanged', lock: null }
    }
    const holder = seen.document?.holder
    if (!holder && !flags.force) throw unreadable(lock.place, seen.unreadable ?? 'it is empty')
    if (holder && looksAlive(seen, lock.hasEnded) && !flags.force) throw stillAlive(lock.place, holder)
    await confirmYes(question(environment, seen), { yes: flags.yes, screen: this.screen, signal })
    const done = await unlock(lock, { seen, author, force: flags.force }, signal)
    if (!done) throw stillAlive(lock.place, (await readLock(lock, signal))?.document?.holder ?? holder)
    return { application, environment, outcome: 'unlocked', lock: holder ? tellHolder(holder) : null }
  }

  protected override present({ outcome, environment, lock }: Unlocked, style: Style) {
    if (outcome === 'unchanged') return [`${environment} is not locked`]
    return [
      `${style.green('Unlocked:')} ${environment}${lock ? `, which ${describeAuthor({ ...lock, arn: lock.by })} held` : ''}`,
    ]
  }
}

function question(environment: string, { document, unreadable: why }: SeenLock): string {
  const holder = document?.holder
  if (!holder) return `The lock of ${environment} can't be read (${why}). Replace it?`
  const { command, acquiredAt, message, kind } = holder
  const what =
    kind === 'manual' ? `locked ${environment} by hand` : `holds the lock of ${environment} for ${command}`
  return `${describeAuthor(holder)} ${what} since ${acquiredAt}${message ? ` (“${message}”)` : ''}. Take it away?`
}
